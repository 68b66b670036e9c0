import Activations
import Tensor

/// A layer whose description shows arguments.
protocol DescribedLayer {
  /// The arguments that differ from their defaults, in the order of the initializer.
  var arguments: ArgumentList { get }
}

extension ArgumentList {
  /// Adds a weight's initializer, regularizer and constraint.
  func adding<Scalar: RealScalar>(
    _ weight: Weight<Scalar>?, as name: String? = nil, unless initializer: Initializer<Scalar>
  ) -> Self {
    guard let weight else { return self }
    let name = name ?? weight.name
    return adding("\(name)Initializer", weight.initializer, unless: initializer)
      .adding("\(name)Regularizer", weight.regularizer).adding("\(name)Constraint", weight.constraint)
  }

  /// A single axis is shown without brackets.
  fileprivate func adding(axes: [Int], unless defaultAxes: [Int] = [-1]) -> Self {
    if axes == defaultAxes { return self }
    return axes.count == 1 ? adding("axis", axes[0]) : adding("axis", list: axes)
  }
}

extension Dense: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList(units).adding("activation", activation, unless: .linear)
      .adding("useBias", biasWeight != nil, unless: true).adding(kernelWeight, unless: .glorotUniform)
      .adding(biasWeight, unless: .zeros).adding("activityRegularizer", activityRegularizer)
  }
}

extension EinsumDense: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList(equation.debugDescription).adding("outputShape", list: partialOutputShape)
      .adding("activation", activation, unless: .linear).adding("biasAxes", biasAxes?.debugDescription)
      .adding(kernelWeight, unless: .glorotUniform).adding(biasWeight, unless: .zeros)
  }
}

extension Embedding: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList("inputDim", inputDim).adding("outputDim", outputDim)
      .adding(embeddingsWeight, unless: .randomUniform()).adding("maskZero", maskZero, unless: false)
  }
}

extension ArgumentList {
  /// Adds the places of windows, with those arguments that the initializer has between them.
  func adding(_ shape: ConvolutionShape, _ between: (Self) -> Self = { $0 }) -> Self {
    let geometry = shape.geometry
    let first = adding("kernelSize", lengths: geometry.lengths, unless: nil)
      .adding("strides", lengths: geometry.strides, unless: 1)
      .adding("padding", geometry.padding.rawValue, unless: WindowPadding.valid.rawValue)
    return between(first).adding(shape.dataFormat)
      .adding("dilationRate", lengths: geometry.dilation, unless: 1)
  }
}

// MARK: Convolutions

extension Convolution: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList(filters).adding(shape).adding("groups", groups, unless: 1)
      .adding("activation", activation, unless: .linear).adding("useBias", biasWeight != nil, unless: true)
      .adding(kernelWeight, unless: .glorotUniform).adding(biasWeight, unless: .zeros)
      .adding("activityRegularizer", activityRegularizer)
  }
}

extension ConvolutionTranspose: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList(filters).adding(shape) { $0.adding("outputPadding", list: outputPadding) }
      .adding("activation", activation, unless: .linear).adding("useBias", biasWeight != nil, unless: true)
      .adding(kernelWeight, unless: .glorotUniform).adding(biasWeight, unless: .zeros)
      .adding("activityRegularizer", activityRegularizer)
  }
}

extension DepthwiseConvolution: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding(shape) { $0.adding("depthMultiplier", depthMultiplier, unless: 1) }
      .adding("activation", activation, unless: .linear).adding("useBias", biasWeight != nil, unless: true)
      .adding(kernelWeight, as: "depthwise", unless: .glorotUniform).adding(biasWeight, unless: .zeros)
      .adding("activityRegularizer", activityRegularizer)
  }
}

extension SeparableConvolution: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList(filters).adding(shape).adding("depthMultiplier", depthMultiplier, unless: 1)
      .adding("activation", activation, unless: .linear).adding("useBias", biasWeight != nil, unless: true)
      .adding(depthwiseWeight, as: "depthwise", unless: .glorotUniform)
      .adding(pointwiseWeight, as: "pointwise", unless: .glorotUniform).adding(biasWeight, unless: .zeros)
      .adding("activityRegularizer", activityRegularizer)
  }
}

extension OperationLayer: DescribedLayer {
  var arguments: ArgumentList {
    var list = ArgumentList()
    if inputCount < operands.count { for operand in operands { list.add(ArgumentList(operand)) } }
    for (name, value) in operation.parameters.sorted(by: { $0.key < $1.key }) { list = list.adding(name, value) }
    return list
  }
}

extension OperationLayer.Operand: CustomStringConvertible {
  /// `x` for a tensor, the number, or the shape of an array.
  public var description: String {
    switch self {
    case .tensor: "x"
    case .constant(let value): value.rank == 0 ? "\(value.scalar)" : "array of the shape \(value.shape)"
    }
  }
}

extension Masking: DescribedLayer {
  var arguments: ArgumentList { ArgumentList().adding("maskValue", maskValue, unless: 0) }
}

// MARK: Merging

extension Concatenate: DescribedLayer {
  var arguments: ArgumentList { ArgumentList().adding("axis", axis, unless: -1) }
}

extension Dot: DescribedLayer {
  var arguments: ArgumentList {
    let axes = axes.0 == axes.1 ? ArgumentList("axes", axes.0) : ArgumentList("axes", "(\(axes.0), \(axes.1))")
    return axes.adding("normalize", normalize, unless: false)
  }
}

// MARK: Applications

extension LayerScale: DescribedLayer {
  var arguments: ArgumentList { ArgumentList(dimension).adding("initialValue", initialValue) }
}

extension StochasticDepth: DescribedLayer {
  var arguments: ArgumentList { ArgumentList(rate) }
}

extension CustomScaleLayer: DescribedLayer {
  var arguments: ArgumentList { ArgumentList("scale", scale) }
}

// MARK: Normalization

extension BatchNormalization: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding("axis", axis, unless: -1).adding("momentum", momentum, unless: 0.99)
      .adding("epsilon", epsilon, unless: 1e-3).adding("center", center, unless: true)
      .adding("scale", scale, unless: true).adding(ending.beta, unless: .zeros).adding(ending.gamma, unless: .ones)
      .adding("movingMeanInitializer", movingMeanWeight.initializer, unless: .zeros)
      .adding("movingVarianceInitializer", movingVarianceWeight.initializer, unless: .ones)
      .adding("activation", activation, unless: .linear)
  }
}

extension LayerNormalization: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding(axes: axes).adding("epsilon", epsilon, unless: 1e-3)
      .adding("center", center, unless: true).adding("scale", scale, unless: true)
      .adding(ending.beta, unless: .zeros).adding(ending.gamma, unless: .ones)
      .adding("activation", activation, unless: .linear)
  }
}

extension GroupNormalization: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding("groups", groups, unless: 32).adding("axis", axis, unless: -1)
      .adding("epsilon", epsilon, unless: 1e-3).adding("center", center, unless: true)
      .adding("scale", scale, unless: true).adding(ending.beta, unless: .zeros).adding(ending.gamma, unless: .ones)
      .adding("activation", activation, unless: .linear)
  }
}

extension RMSNormalization: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding(axes: axes).adding("epsilon", epsilon, unless: 1e-6)
      .adding("activation", activation, unless: .linear)
  }
}

extension UnitNormalization: DescribedLayer {
  var arguments: ArgumentList { ArgumentList().adding(axes: axes) }
}

// MARK: Preprocessing

extension Normalization: DescribedLayer {
  var arguments: ArgumentList { ArgumentList().adding(axes: axes).adding("invert", invert, unless: false) }
}

extension Rescaling: DescribedLayer {
  var arguments: ArgumentList { ArgumentList("scale", scale).adding("offset", offset, unless: 0) }
}

// MARK: Rectifiers

extension ReLU: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding("maxValue", maxValue).adding("negativeSlope", negativeSlope, unless: 0)
      .adding("threshold", threshold, unless: 0)
  }
}

extension LeakyReLU: DescribedLayer {
  var arguments: ArgumentList { ArgumentList().adding("negativeSlope", negativeSlope, unless: 0.3) }
}

extension PReLU: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding(alphaWeight, unless: .zeros).adding("sharedAxes", list: sharedAxes.isEmpty ? nil : sharedAxes)
  }
}

extension ELU: DescribedLayer {
  var arguments: ArgumentList { ArgumentList().adding("alpha", alpha, unless: 1) }
}

extension Softmax: DescribedLayer {
  var arguments: ArgumentList { ArgumentList().adding(axes: axes) }
}

extension ThresholdedReLU: DescribedLayer {
  var arguments: ArgumentList { ArgumentList().adding("theta", theta, unless: 1) }
}

// MARK: Regularization

extension Dropout: DescribedLayer {
  var arguments: ArgumentList { ArgumentList(rate).adding("noiseShape", list: noiseShape) }
}

extension SpatialDropout1D: DescribedLayer {
  var arguments: ArgumentList { ArgumentList(rate) }
}

extension SpatialDropout2D: DescribedLayer {
  var arguments: ArgumentList { ArgumentList(rate).adding("dataFormat", dataFormat, unless: .channelsLast) }
}

extension SpatialDropout3D: DescribedLayer {
  var arguments: ArgumentList { ArgumentList(rate).adding("dataFormat", dataFormat, unless: .channelsLast) }
}

extension AlphaDropout: DescribedLayer {
  var arguments: ArgumentList { ArgumentList(rate).adding("noiseShape", list: noiseShape) }
}

extension GaussianDropout: DescribedLayer {
  var arguments: ArgumentList { ArgumentList(rate) }
}

extension GaussianNoise: DescribedLayer {
  var arguments: ArgumentList { ArgumentList(stddev) }
}

extension ActivityRegularization: DescribedLayer {
  var arguments: ArgumentList { ArgumentList().adding("l1", l1, unless: 0).adding("l2", l2, unless: 0) }
}

// MARK: Reshaping

extension Flatten: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding("dataFormat", dataFormat == .channelsLast ? nil : "\(dataFormat)")
  }
}

extension Reshape: DescribedLayer {
  var arguments: ArgumentList { ArgumentList(list: targetShape) }
}

extension Permute: DescribedLayer {
  var arguments: ArgumentList { ArgumentList(list: dims) }
}

extension RepeatVector: DescribedLayer {
  var arguments: ArgumentList { ArgumentList(n) }
}
