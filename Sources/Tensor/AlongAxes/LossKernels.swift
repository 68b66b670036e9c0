package import CKernels

// Losses of rows, their values and gradients, in one pass.

/// What a loss's kernel is told besides its operands.
package struct LossArguments {
  /// What gradients are multiplied by.
  package var scale = 1.0
  /// A class whose rows count as 0.
  package var ignoredClass: Int64?

  package init() {}
}

extension Tensor where Scalar: RealScalar {
  /// The sum of the losses of each of the rows along the last axis.
  /// - Parameter target: of this shape, or an integer per row that has been checked.
  package func lossRows<Label: TensorScalar>(
    _ loss: ck_loss_rule, target: Tensor<Label>, columns: Int, _ arguments: LossArguments, kernels: Kernels = .best
  ) -> Tensor<Double> {
    rows(loss, target, columns, nil, arguments, nil, kernels)
  }

  /// The same, and the gradient with respect to this tensor, in its shape and in the memory that `gradient` has, unless
  /// there are other references to it or it is too small.
  /// - Parameter weights: an element per row, that the gradient is multiplied by.
  package func lossRows<Label: TensorScalar>(
    _ loss: ck_loss_rule, target: Tensor<Label>, columns: Int, weights: Tensor?, _ arguments: LossArguments,
    gradient: inout Tensor, kernels: Kernels = .best
  ) -> Tensor<Double> {
    gradient.takeShape(layout.shape)
    var result = Tensor<Double>.zeros([0])
    gradient.overwrite { result = rows(loss, target, columns, weights, arguments, $0.start, kernels) }
    return result
  }

  private func rows<Label: TensorScalar>(
    _ loss: ck_loss_rule, _ target: Tensor<Label>, _ columns: Int, _ weights: Tensor?, _ arguments: LossArguments,
    _ gradient: UnsafeMutablePointer<Scalar>?, _ kernels: Kernels
  ) -> Tensor<Double> {
    if isEmpty { return .zeros([columns == 0 ? 0 : count / columns]) }
    let (x, y, w) = (contiguous, target.contiguous, weights?.contiguous)
    return .making([count / columns]) { values in
      var call = ck_loss_call(
        prediction: x.start, target: y.start, weights: w?.start, gradient: gradient, values: values.start,
        columns: columns, scale: arguments.scale, ignored: arguments.ignoredClass ?? .min, rule: loss)
      ck_loss_rows(kernels.table, Scalar.elementType.kernelType, count / columns, &call)
      withExtendedLifetime((x.storage.memory, y.storage.memory, w?.storage.memory)) {}
    }
  }

  /// Gives this tensor a shape, with undefined elements, in its own memory where that is large enough and nobody else's.
  private mutating func takeShape(_ shape: [Int]) {
    if layout.shape == shape && layout.isContiguous && storage.isExclusive { return }
    let layout = Layout(contiguous: shape)
    if storage.count >= layout.count && storage.isExclusive {
      self.layout = layout
    } else {
      self = Tensor(uninitialized: layout)
    }
  }
}

extension Tensor where Scalar == Int64 {
  /// Checks labels, which are classes 0 ..< `classes` or the ignored one.
  /// - Returns: the position of the first that is neither, or else how many are not ignored.
  package func checkLabels(classes: Int, ignoring ignored: Int64?) -> (wrong: Int?, used: Int) {
    let labels = contiguous
    var used = 0
    let wrong = ck_check_labels(labels.start, count, Int64(classes), ignored != nil, ignored ?? 0, &used)
    withExtendedLifetime(labels.storage.memory) {}
    return (wrong < 0 ? nil : wrong, used)
  }
}
