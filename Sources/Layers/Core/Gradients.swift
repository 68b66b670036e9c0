public import Tensor

/// The gradients of a loss with respect to the weights of a model, by path: `gradients["hidden/kernel"]`.
///
/// Gradients are a value: read them, scale them, clip them, add them to others, and pass them to an optimizer. Weights
/// that are not trained, or that did not contribute to the loss, have no gradient.
///
/// ```swift
/// var state = OptimizerState(optimizer)
/// let (loss, gradients) = try model.valueAndGradients(images, labels, using: &generator)
/// try state.update(&model, gradients.clipped(byGlobalNorm: 1))
/// ```
public struct Gradients<Scalar: RealScalar>: Sendable {
  /// The paths of all weights, in Keras's order, whether they have a gradient or not.
  public let places: [String]
  /// The shapes of the weights at these paths.
  let shapes: [[Int]]
  var tensors: [Tensor<Scalar>?]

  init(places: [String], shapes: [[Int]], tensors: [Tensor<Scalar>?]) {
    self.places = places
    self.shapes = shapes
    self.tensors = tensors
  }

  /// The gradient with respect to the weight at a path, or `nil` if the weight is not trained or did not contribute to
  /// the loss.
  /// - Precondition: `place` is one of ``places``, and a new gradient has the shape of its weight.
  public subscript(place: String) -> Tensor<Scalar>? {
    get { tensors[index(of: place)] }
    set {
      let index = index(of: place)
      if let newValue {
        require(
          newValue.shape == shapes[index],
          "\(place): a gradient of the shape \(newValue.shape) for a weight of the shape \(shapes[index])")
      }
      tensors[index] = newValue
    }
  }

  private func index(of place: String) -> Int {
    guard let index = places.firstIndex(of: place) else {
      trap("there is no weight at \"\(place)\"; there are \(places.joined(separator: ", "))")
    }
    return index
  }

  /// The Euclidean norm of all gradients together.
  public var norm: Double {
    tensors.reduce(0) { $0 + ($1?.sumOfSquares ?? 0) }.squareRoot()
  }

  /// Whether all gradients are free of NaN and infinity.
  public var isFinite: Bool { tensors.allSatisfy { $0?.isFinite.all().scalar ?? true } }

  /// Returns the gradients with a function applied to each.
  public func mapValues(_ transform: (Tensor<Scalar>) throws -> Tensor<Scalar>) rethrows -> Gradients {
    var result = self
    for index in tensors.indices {
      if let gradient = tensors[index] { result.tensors[index] = try transform(gradient) }
    }
    return result
  }

  /// Returns all gradients multiplied by a number.
  public func scaled(by factor: Scalar) -> Gradients { mapValues { $0 * factor } }

  /// Returns the gradients with every element clamped to `-limit...limit`.
  /// - Precondition: `limit` is greater than 0.
  public func clipped(byValue limit: Scalar) -> Gradients {
    requireLimit(limit)
    return mapValues { $0.clamped(-limit...limit) }
  }

  /// Returns the gradients, each scaled down to a Euclidean norm of at most `limit`.
  /// - Precondition: `limit` is greater than 0.
  public func clipped(byNorm limit: Scalar) -> Gradients {
    requireLimit(limit)
    return mapValues { gradient in
      let norm = gradient.sumOfSquares.squareRoot()
      return norm > Double(limit) ? gradient * Scalar(Double(limit) / norm) : gradient
    }
  }

  /// Returns all gradients scaled by one factor so that their ``norm`` is at most `limit`. If the norm is not finite,
  /// all become NaN, so that no step is taken.
  /// - Precondition: `limit` is greater than 0.
  public func clipped(byGlobalNorm limit: Scalar) -> Gradients {
    requireLimit(limit)
    let norm = norm
    if !norm.isFinite { return scaled(by: .nan) }
    return norm > Double(limit) ? scaled(by: Scalar(Double(limit) / norm)) : self
  }

  private func requireLimit(_ limit: Scalar) {
    require(limit > 0, "the limit of clipping is \(limit); allowed: numbers above 0")
  }

  /// Returns the sum of two gradients of the same model.
  /// - Precondition: paths and shapes agree.
  public static func + (first: Gradients, second: Gradients) -> Gradients {
    var sum = first
    sum += second
    return sum
  }

  /// Adds gradients of the same model.
  /// - Precondition: paths and shapes agree.
  public static func += (first: inout Gradients, second: Gradients) {
    if let difference = first.difference(from: second.places, second.shapes) {
      trap("gradients of different models are added: \(difference)")
    }
    for index in first.tensors.indices {
      guard let other = second.tensors[index] else { continue }
      if first.tensors[index] == nil { first.tensors[index] = other } else { first.tensors[index]! += other }
    }
  }

  /// The first difference between these paths and shapes and others, or `nil`.
  func difference(from places: [String], _ shapes: [[Int]]) -> String? {
    for (index, place) in self.places.enumerated() {
      guard index < places.count else { return "\(place) \(self.shapes[index]) and no weight" }
      if place != places[index] || self.shapes[index] != shapes[index] {
        return "\(place) \(self.shapes[index]) and \(places[index]) \(shapes[index])"
      }
    }
    guard places.count > self.places.count else { return nil }
    return "no weight and \(places[self.places.count]) \(shapes[self.places.count])"
  }
}

extension Gradients: CustomStringConvertible {
  /// A line for each weight: its path and the shape of its gradient, or `none`.
  public var description: String {
    places.indices.map { "\(places[$0]): \(tensors[$0].map { "\($0.shape)" } ?? "none")" }.joined(separator: "\n")
  }
}

extension Computation {
  /// The gradients of the last pullback.
  var gradients: Gradients<Scalar> {
    Gradients(
      places: plan.weights.map(\.path), shapes: plan.weights.map(\.shape),
      tensors: context.weightGradients.indices.map {
        context.hasWeightGradient[$0] ? context.weightGradients[$0] : nil
      })
  }
}
