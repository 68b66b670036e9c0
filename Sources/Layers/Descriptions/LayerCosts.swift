import Tensor

/// A layer that multiplies by a kernel.
protocol MultiplyingLayer {
  /// The multiplications for a sample's output, without those of the activation.
  /// - Precondition: the layer is built.
  func multiplications(from inputShape: [Int], to outputShape: [Int]) -> Int
}

extension Layer {
  /// The multiplications by kernels for a sample of this shape; `nil` if the shape does not fit or the number is too large.
  package func multiplications(for inputShape: [Int]) -> Int? {
    if let model = self as? Model<Scalar> { return model.multiplications(for: [inputShape]) }
    guard let layer = self as? any MultiplyingLayer, isBuilt else { return 0 }
    return (try? outputShape(for: inputShape)).map { layer.multiplications(from: inputShape, to: $0) }
  }

  /// The shape of the kernel, or of the largest of several.
  package var kernelShape: [Int]? {
    weights.filter { $0.name.hasSuffix("kernel") }.map(\.value.shape).max { $0.reduce(1, *) < $1.reduce(1, *) }
  }
}

extension Dense: MultiplyingLayer {
  func multiplications(from inputShape: [Int], to outputShape: [Int]) -> Int {
    outputShape.reduce(1, *) * kernel.shape[0]
  }
}

extension Convolution: MultiplyingLayer {
  func multiplications(from inputShape: [Int], to outputShape: [Int]) -> Int {
    outputShape.reduce(1, *) * kernel.shape.dropLast().reduce(1, *)
  }
}

extension ConvolutionTranspose: MultiplyingLayer {
  func multiplications(from inputShape: [Int], to outputShape: [Int]) -> Int {
    inputShape.reduce(1, *) * kernel.shape.dropLast().reduce(1, *)
  }
}

extension DepthwiseConvolution: MultiplyingLayer {
  func multiplications(from inputShape: [Int], to outputShape: [Int]) -> Int {
    outputShape.reduce(1, *) * kernelSize.reduce(1, *)
  }
}

extension SeparableConvolution: MultiplyingLayer {
  func multiplications(from inputShape: [Int], to outputShape: [Int]) -> Int {
    let windows = dataFormat.spatial(outputShape).reduce(1, *)
    return windows * (depthwiseKernel.count + pointwiseKernel.count)
  }
}

extension MultiplyingLayer where Self: RecurrentLayer, Self.Cell: GatedCell {
  func multiplications(from inputShape: [Int], to outputShape: [Int]) -> Int {
    inputShape[0] * (cell.kernel.count + cell.recurrentKernel.count)
  }
}

extension SimpleRNN: MultiplyingLayer {}
extension LSTM: MultiplyingLayer {}
extension GRU: MultiplyingLayer {}
