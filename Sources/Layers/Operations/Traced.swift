public import Tensor

/// A tensor that a layer will compute with: what `call(_:)` is written in terms of.
///
/// Operators and functions on it compute nothing yet. They are written down once for a shape of samples and are then run with
/// batch after batch, forwards and, with the gradients of each, backwards.
public struct Traced<Scalar: RealScalar>: TracedTensor {
  public let value: TracedValue<Scalar>
  /// Which steps of sequences count, where they are padded: what layers see of it, ``Layer/keepsMask`` says. What operations give has none.
  public private(set) var mask: TracedMask<Scalar>?

  init(value: TracedValue<Scalar>) { self.value = value }

  /// Whether the computation is one of training: with dropout and noise, normalised by the batch.
  public var isTraining: Bool { value.recorder.mode == .training }
  /// Whether a loss is computed, to which penalties are added: in training and evaluation.
  public var hasLoss: Bool { value.recorder.mode != .inference }
  /// Whether the layer is trained. One that is not computes as in inference.
  public var isTrainable: Bool { value.recorder.site.isTrainable }
  /// Whether the first axis is the batch, which ``shape`` leaves out.
  public var hasBatch: Bool { if case .value = value.slot { true } else { false } }

  /// A weight of the layer as a tensor of the computation.
  public func value(of weight: Weight<Scalar>) -> Traced { Traced(value: value.recorder.traced(weight)) }

  /// The same tensor with a mask, or without one. Traps unless the mask's shape is the tensor's or a leading part of it: [time] of
  /// [time, features].
  public func with(mask: TracedMask<Scalar>?) -> Traced {
    if let mask {
      require(
        shape.starts(with: mask.shape),
        "\(value.recorder.site): a mask of the shape \(mask.shape) for a tensor of the shape \(shape), allowed are its leading axes"
      )
    }
    var result = self
    result.mask = mask
    return result
  }
}
