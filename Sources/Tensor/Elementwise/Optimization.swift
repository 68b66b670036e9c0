package import CKernels

// The seam to the kernels that change weights.

extension Tensor where Scalar: RealScalar {
  /// One step of a rule, in place: a single pass over value, gradient and slots, on all threads where that pays. What others
  /// hold, or what does not lie contiguous, is copied first.
  /// - Parameter gradient: as many elements as the value has; none stands for the value itself.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  package static func optimize(
    _ step: ck_optimizer_step, _ value: inout Tensor, gradient: Tensor?, slots: inout [Tensor],
    kernels: Kernels = .best
  ) {
    let gradient = gradient?.contiguous
    precondition(slots.count >= ck_optimizer_slots(step.rule), "a rule's slots are missing")
    value.makeUniqueAndContiguous()
    for slot in slots.indices {
      precondition(slots[slot].shape == value.shape, "a slot has the shape of its weight")
      slots[slot].makeUniqueAndContiguous()
    }
    precondition(gradient == nil || gradient!.count == value.count, "a gradient has the shape of its weight")
    func slot(_ index: Int) -> UnsafeMutablePointer<Scalar>? {
      index < slots.count ? slots[index].firstElement : nil
    }
    ck_optimize(
      kernels.table, step, Scalar.elementType.kernelType, value.count, value.firstElement,
      gradient?.firstElement ?? value.firstElement, slot(0), slot(1), slot(2))
    withExtendedLifetime((value, gradient, slots)) {}
  }

  /// The same for rules without slots.
  package static func optimize(
    _ step: ck_optimizer_step, _ value: inout Tensor, gradient: Tensor?, kernels: Kernels = .best
  ) {
    var slots: [Tensor] = []
    optimize(step, &value, gradient: gradient, slots: &slots, kernels: kernels)
  }

  /// Takes over the elements of another tensor of this shape, into this tensor's memory unless others hold it.
  package mutating func copyElements(of x: Tensor) {
    precondition(x.shape == shape, "elements of the shape \(x.shape) for a tensor of the shape \(shape)")
    if !isWritable { self = Tensor(uninitialized: layout.compacted) }
    replace { $0.copy(x.operand()) }
  }

  private mutating func makeUniqueAndContiguous() {
    if isContiguous { makeUnique() } else { self = copied() }
  }

  var firstElement: UnsafeMutablePointer<Scalar> { storage.base + layout.offset }
}
