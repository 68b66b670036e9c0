public import Tensor

/// Computes the inner products of two inputs along an axis of each, sample by sample: [batch, n] and [batch, n] give
/// [batch, 1]; [batch, m, n] and [batch, k, n] along -1 give [batch, m, k].
public struct Dot<Scalar: RealScalar>: Merge {
  /// One axis of each input, numbered from the batch axis, which is 0; negative numbers count from the last axis.
  public let axes: (Int, Int)
  /// Whether the inputs are first divided by their Euclidean norm along the axis, so that the results are cosines.
  public let normalize: Bool

  /// Creates a layer that multiplies two inputs along an axis of each.
  /// - Precondition: neither axis is 0, the batch axis.
  public init(axes: (Int, Int), normalize: Bool = false) {
    requireBehindBatch([axes.0, axes.1], "Dot")
    self.axes = axes
    self.normalize = normalize
  }

  /// Creates a layer that multiplies two inputs along the same axis of both.
  public init(axes axis: Int, normalize: Bool = false) { self.init(axes: (axis, axis), normalize: normalize) }

  public func outputShape(forInputs inputShapes: [[Int]]) throws -> [Int] {
    guard inputShapes.count == 2 else {
      throw LayerError.inputCount(layer: className, expected: 2, found: inputShapes.count)
    }
    var (first, second) = (inputShapes[0], inputShapes[1])
    let places = (try self.axes([axes.0], of: first)[0] - 1, try self.axes([axes.1], of: second)[0] - 1)
    let lengths = (first.remove(at: places.0), second.remove(at: places.1))
    guard lengths.0 == lengths.1 else {
      throw LayerError.inputShapes(
        layer: className, expected: "shapes of one length along the axes \(axes.0) and \(axes.1)",
        found: inputShapes.map(batchDescription))
    }
    let result = first + second
    return result.isEmpty ? [1] : result
  }

  public func merge(_ inputs: [Traced<Scalar>]) throws -> Traced<Scalar> {
    var (first, second) = (inputs[0], inputs[1])
    if normalize {
      first = try first.applying(UnitNormalizationOperation(axes: [axes.0], epsilon: Self.epsilon))
      second = try second.applying(UnitNormalizationOperation(axes: [axes.1], epsilon: Self.epsilon))
    }
    let letters = letters(first.shape.count + 1, second.shape.count + 1)
    let product = try first.applying(
      EinsumOperation(first: letters.first, second: letters.second, result: letters.output), second)
    return product.shape.isEmpty ? try product.reshaped([1]) : product
  }

  /// Keras's value for this layer.
  private static var epsilon: Double { 1e-7 }

  /// Letters for the axes: `a` is the batch, `b` is summed over.
  private func letters(_ firstRank: Int, _ secondRank: Int) -> (first: String, second: String, output: String) {
    var free = Array("cdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")[...]
    func named(_ rank: Int, _ axis: Int) -> [Character] {
      let place = axis < 0 ? axis + rank : axis
      return (0..<rank).map { $0 == 0 ? "a" : $0 == place ? "b" : free.removeFirst() }
    }
    let (first, second) = (named(firstRank, axes.0), named(secondRank, axes.1))
    let output = first.filter { $0 != "b" } + second.filter { $0 != "a" && $0 != "b" }
    return (String(first), String(second), String(output))
  }
}
