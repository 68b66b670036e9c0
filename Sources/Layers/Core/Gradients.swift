public import Tensor

/// The gradients of a loss by the weights of a model, keyed by where these are: `gradients["hidden/kernel"]`.
///
/// A value: it is read, scaled, clipped, added to others, and given to an optimizer. Weights that are not trained, and those that
/// had no part in the loss, have no gradient.
///
/// ```swift
/// var state = OptimizerState(optimizer)
/// let (loss, gradients) = try model.valueAndGradients(images, labels, using: &generator)
/// try state.update(&model, gradients.clipped(byGlobalNorm: 1))
/// ```
public struct Gradients<Scalar: RealScalar>: Sendable {
  /// The places of all weights, in Keras's order, whether they have a gradient or not.
  public let places: [String]
  /// The shapes of the weights at the places.
  let shapes: [[Int]]
  var tensors: [Tensor<Scalar>?]

  init(places: [String], shapes: [[Int]], tensors: [Tensor<Scalar>?]) {
    self.places = places
    self.shapes = shapes
    self.tensors = tensors
  }

  /// The gradient by the weight at a place; none where it is not trained or had no part in the loss. Traps for a place that there
  /// is not, and for a gradient of another shape than the weight's.
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

  /// Whether there is no NaN and no infinity among them.
  public var isFinite: Bool { tensors.allSatisfy { $0?.isFinite.all().scalar ?? true } }

  /// Each gradient changed.
  public func mapValues(_ transform: (Tensor<Scalar>) throws -> Tensor<Scalar>) rethrows -> Gradients {
    var result = self
    for index in tensors.indices {
      if let gradient = tensors[index] { result.tensors[index] = try transform(gradient) }
    }
    return result
  }

  /// All gradients times a number.
  public func scaled(by factor: Scalar) -> Gradients { mapValues { $0 * factor } }

  /// Every element brought into -limit...limit. Traps unless the limit is above 0.
  public func clipped(byValue limit: Scalar) -> Gradients {
    requireLimit(limit)
    return mapValues { $0.clamped(-limit...limit) }
  }

  /// Each gradient scaled down to a Euclidean norm of at most the limit. Traps unless the limit is above 0.
  public func clipped(byNorm limit: Scalar) -> Gradients {
    requireLimit(limit)
    return mapValues { gradient in
      let norm = gradient.sumOfSquares.squareRoot()
      return norm > Double(limit) ? gradient * Scalar(Double(limit) / norm) : gradient
    }
  }

  /// All gradients scaled down so that their ``norm`` is at most the limit. Where it is not finite, they become NaN: no step is to
  /// be taken. Traps unless the limit is above 0.
  public func clipped(byGlobalNorm limit: Scalar) -> Gradients {
    requireLimit(limit)
    let norm = norm
    if !norm.isFinite { return scaled(by: .nan) }
    return norm > Double(limit) ? scaled(by: Scalar(Double(limit) / norm)) : self
  }

  private func requireLimit(_ limit: Scalar) {
    require(limit > 0, "the limit of clipping is \(limit), allowed are numbers above 0")
  }

  /// The sums of gradients of the same model. Traps where the places or shapes differ.
  public static func + (first: Gradients, second: Gradients) -> Gradients {
    var sum = first
    sum += second
    return sum
  }

  /// Adds gradients of the same model. Traps where the places or shapes differ.
  public static func += (first: inout Gradients, second: Gradients) {
    if let difference = first.difference(from: second.places, second.shapes) {
      trap("gradients of different models are added: \(difference)")
    }
    for index in first.tensors.indices {
      guard let other = second.tensors[index] else { continue }
      if first.tensors[index] == nil { first.tensors[index] = other } else { first.tensors[index]! += other }
    }
  }

  /// What distinguishes these places and shapes from others.
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

extension Computation {
  /// The gradients that the last pullback has made.
  var gradients: Gradients<Scalar> {
    Gradients(
      places: plan.weights.map(\.path), shapes: plan.weights.map(\.shape),
      tensors: context.weightGradients.indices.map {
        context.hasWeightGradient[$0] ? context.weightGradients[$0] : nil
      })
  }
}
