public import Tensor

/// A future tensor of a layer's computation, in terms of which `call(_:)` describes it.
///
/// Operators and functions on it compute nothing yet. They are recorded once for a shape of samples and then run for
/// each batch, forwards and, with gradients, backwards.
public struct Traced<Scalar: RealScalar>: TracedTensor {
  public let value: TracedValue<Scalar>
  /// Marks the steps of padded sequences that count. ``Layer/keepsMask`` determines whether a layer's output has its
  /// input's mask; results of operations have none.
  public private(set) var mask: TracedMask<Scalar>?

  init(value: TracedValue<Scalar>) { self.value = value }

  /// Whether the computation is for training: with dropout and noise, normalised by the batch.
  public var isTraining: Bool { value.recorder.mode == .training }
  /// Whether a loss with penalties is computed: in training and evaluation.
  public var hasLoss: Bool { value.recorder.mode != .inference }
  /// Whether the layer is trained. A frozen layer computes as in inference.
  public var isTrainable: Bool { value.recorder.site.isTrainable }
  /// Whether the first axis is the batch, which ``shape`` leaves out.
  public var hasBatch: Bool { value.hasBatch }

  /// Returns a weight of the layer as a tensor of the computation.
  public func value(of weight: Weight<Scalar>) -> Traced { Traced(value: value.recorder.traced(weight)) }

  /// Returns the same tensor with a mask, or without one.
  /// - Precondition: the mask's shape is the tensor's or a leading part of it: [time] of [time, features].
  public func with(mask: TracedMask<Scalar>?) -> Traced {
    if let mask {
      require(
        shape.starts(with: mask.shape),
        "\(value.recorder.site): a mask of the shape \(mask.shape) for a tensor of the shape \(shape); allowed: its leading axes"
      )
    }
    var result = self
    result.mask = mask
    return result
  }
}
