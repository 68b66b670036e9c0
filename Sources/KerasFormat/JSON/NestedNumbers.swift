import Activations
import Tensor

extension Tensor where Scalar: RealScalar {
  /// Creates a tensor from the result of NumPy's `tolist`: a number, or nested lists of equal length. `nil` for
  /// anything else, for numbers that are not finite in the tensor's type, and for more axes than a tensor can have.
  init?(nestedNumbers configuration: Configuration) {
    var shape: [Int] = []
    var row = configuration
    while let elements = row.asList {
      shape.append(elements.count)
      guard let first = elements.first else { break }
      row = first
    }
    guard shape.count <= Self.maximumRank else { return nil }
    var scalars: [Scalar] = []
    func collect(_ part: Configuration, _ axis: Int) -> Bool {
      if axis == shape.count {
        guard let number = part.asNumber.map({ Scalar($0) }), number.isFinite else { return false }
        scalars.append(number)
        return true
      }
      guard let elements = part.asList, elements.count == shape[axis] else { return false }
      return elements.allSatisfy { collect($0, axis + 1) }
    }
    guard collect(configuration, 0) else { return nil }
    self.init(shape: shape, scalars: scalars)
  }

  /// The elements in the form of NumPy's `tolist`.
  var nestedNumbers: Configuration {
    if rank == 0 { return .number(Double(scalar)) }
    return .list((0..<shape[0]).map { self[$0].nestedNumbers })
  }
}
