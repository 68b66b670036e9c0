public import Activations
public import Tensor

/// A step of a ``ConvLSTM``: an ``LSTMCell`` whose products are convolutions.
///
/// Samples are [spatial…, channels], or have their channels first; states are the output's shape. The recurrent
/// convolution has the padding `same` and strides of 1.
public struct ConvLSTMCell<Scalar: RealScalar, Rank: SpatialRank>: RecurrentCell {
  /// The number of output channels.
  public let filters: Int
  /// The activation of candidates and outputs.
  public let activation: Activation<Scalar>
  /// The activation of the gates.
  public let recurrentActivation: Activation<Scalar>
  /// Whether the forget gate's bias begins with 1.
  public let unitForgetBias: Bool
  /// The fraction of the input's elements that is dropped in training, the same ones in all steps.
  public let dropout: Double
  /// The fraction of the state's elements that convolutions do not see in training, the same ones in all steps.
  public let recurrentDropout: Double
  let shape: ConvolutionShape
  let recurrentShape: ConvolutionShape
  package var kernelWeight: Weight<Scalar>
  package var recurrentWeight: Weight<Scalar>
  package var biasWeight: Weight<Scalar>?

  /// Creates a cell whose weights are not built yet.
  /// - Parameter filters: the number of output channels; at least 1.
  /// - Parameter kernelSize: the length of windows along the spatial axes: one for all, or a list; at least 1.
  /// - Parameter strides: the distance from a window of the input to the next; at least 1.
  /// - Parameter padding: how windows of the input are placed at the borders: valid or same.
  /// - Parameter dataFormat: the position of the channel axis.
  /// - Parameter dilationRate: the distance between the elements of the input's windows; at least 1, and 1 where `strides`
  ///   are not.
  /// - Parameter activation: the activation of candidates and outputs: a value, or Keras's identifier.
  /// - Parameter recurrentActivation: the activation of the gates.
  /// - Parameter useBias: whether the gates have a bias.
  /// - Parameter kernelInitializer: the initializer of the kernel of inputs.
  /// - Parameter recurrentInitializer: the initializer of the kernel of states.
  /// - Parameter biasInitializer: the initializer of the bias.
  /// - Parameter unitForgetBias: whether the forget gate's bias begins with 1.
  /// - Parameter kernelRegularizer: the penalty for the kernel of inputs.
  /// - Parameter recurrentRegularizer: the penalty for the kernel of states.
  /// - Parameter biasRegularizer: the penalty for the bias.
  /// - Parameter kernelConstraint: the constraint that the kernel of inputs satisfies after every step of training.
  /// - Parameter recurrentConstraint: the constraint of the kernel of states.
  /// - Parameter biasConstraint: the constraint of the bias.
  /// - Parameter dropout: the fraction of the input's elements that is dropped in training; in 0...1.
  /// - Parameter recurrentDropout: the fraction of the state's elements that convolutions do not see in training; in 0...1.
  public init(
    _ filters: Int, kernelSize: some SpatialLengths, strides: some SpatialLengths = 1, padding: WindowPadding = .valid,
    dataFormat: DataFormat = .channelsLast, dilationRate: some SpatialLengths = 1,
    activation: Activation<Scalar> = .tanh, recurrentActivation: Activation<Scalar> = .sigmoid, useBias: Bool = true,
    kernelInitializer: Initializer<Scalar> = .glorotUniform, recurrentInitializer: Initializer<Scalar> = .orthogonal,
    biasInitializer: Initializer<Scalar> = .zeros, unitForgetBias: Bool = true,
    kernelRegularizer: Regularizer<Scalar>? = nil, recurrentRegularizer: Regularizer<Scalar>? = nil,
    biasRegularizer: Regularizer<Scalar>? = nil, kernelConstraint: Constraint<Scalar>? = nil,
    recurrentConstraint: Constraint<Scalar>? = nil, biasConstraint: Constraint<Scalar>? = nil, dropout: Double = 0,
    recurrentDropout: Double = 0
  ) {
    let name = Self.kerasName
    require(filters >= 1, "\(name): filters are \(filters); allowed: integers of at least 1")
    require(padding != .causal, "\(name): the padding is causal; allowed: valid and same")
    for (parameter, rate) in [("dropout", dropout), ("recurrentDropout", recurrentDropout)] {
      require((0...1).contains(rate), "\(name): \(parameter) is \(rate); allowed: 0...1")
    }
    self.filters = filters
    self.activation = activation
    self.recurrentActivation = recurrentActivation
    self.unitForgetBias = unitForgetBias
    self.dropout = dropout
    self.recurrentDropout = recurrentDropout
    shape = ConvolutionShape(
      name, rank: Rank.axisCount, kernelSize, strides: strides, dilationRate: dilationRate, padding: padding,
      dataFormat: dataFormat)
    recurrentShape = ConvolutionShape(
      name, rank: Rank.axisCount, kernelSize, strides: 1, dilationRate: 1, padding: .same, dataFormat: dataFormat)
    kernelWeight = Weight(
      "kernel", initializer: kernelInitializer, regularizer: kernelRegularizer, constraint: kernelConstraint)
    recurrentWeight = Weight(
      "recurrent_kernel", initializer: recurrentInitializer, regularizer: recurrentRegularizer,
      constraint: recurrentConstraint)
    if useBias {
      biasWeight = Weight(
        "bias", initializer: biasInitializer, regularizer: biasRegularizer, constraint: biasConstraint)
    }
  }

  static var kerasName: String { "ConvLSTM\(Rank.axisCount)DCell" }
  public var className: String { Self.kerasName }

  /// The length of windows along the spatial axes.
  public var kernelSize: [Int] { shape.geometry.lengths }
  /// The distance from a window of the input to the next along each spatial axis.
  public var strides: [Int] { shape.geometry.strides }
  /// The distance between the elements of the input's windows along each spatial axis.
  public var dilationRate: [Int] { shape.geometry.dilation }
  /// How windows of the input are placed at the borders.
  public var padding: WindowPadding { shape.geometry.padding }
  /// The position of the channel axis.
  public var dataFormat: DataFormat { shape.dataFormat }
  /// The kernel of inputs, [taps…, channels, 4 · filters]; empty until the cell is built.
  public var kernel: Tensor<Scalar> { kernelWeight.value }
  /// The kernel of states, [taps…, filters, 4 · filters]; empty until the cell is built.
  public var recurrentKernel: Tensor<Scalar> { recurrentWeight.value }
  /// The bias, [4 · filters], or `nil`.
  public var bias: Tensor<Scalar>? { biasWeight?.value }

  public var stateCount: Int { 2 }
  public var isBuilt: Bool { kernelWeight.isBuilt }

  public func outputShape(for inputShape: [Int]) throws -> [Int] {
    try requireCountable(filters, times: 4)
    try shape.requireChannels(inputShape, isBuilt ? kernel.shape[Rank.axisCount] : nil)
    let output = dataFormat.shape(try shape.counts(inputShape), channels: filters)
    for activation in [activation, recurrentActivation] {
      guard try activation.outputShape(for: output, layer: className) == output else {
        throw unexpectedShape("one for which the activation \(activation.name) keeps shapes", inputShape)
      }
    }
    return output
  }

  public func stateShapes(for inputShape: [Int]) throws -> [[Int]] {
    let output = try outputShape(for: inputShape)
    return [output, output]
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try kernelWeight.build(kernelSize + [dataFormat.channels(inputShape), 4 * filters], using: &generator)
    try recurrentWeight.build(kernelSize + [filters, 4 * filters], using: &generator)
    try biasWeight?.build([4 * filters], using: &generator)
    if unitForgetBias, biasWeight != nil { biasWeight!.value[filters..<2 * filters] = .ones([filters]) }
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try body(&kernelWeight)
    try body(&recurrentWeight)
    if biasWeight != nil { try body(&biasWeight!) }
  }

  public func step(_ x: Traced<Scalar>, _ states: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    try step(x, states, factors: states[0])
  }

  public func steps(from x: Traced<Scalar>) throws -> RecurrentStep<Scalar> {
    let keptInputs = try x.keptFactors(x.shape, rate: dropout)
    let keptStates = try x.keptFactors(try outputShape(for: x.shape), rate: recurrentDropout)
    return { x, states in
      try step(
        try keptInputs.map { try x * $0 } ?? x, states, factors: try keptStates.map { try states[0] * $0 } ?? states[0])
    }
  }

  /// - Parameter factors: what is convolved with the recurrent kernel: the state, or what dropout leaves of it.
  private func step(
    _ x: Traced<Scalar>, _ states: [Traced<Scalar>], factors: Traced<Scalar>
  ) throws -> [Traced<Scalar>] {
    let sums =
      try convolved(x, shape, kernelWeight, biasWeight)
      + convolved(factors, recurrentShape, recurrentWeight, nil)
    let axis = dataFormat == .channelsLast ? Rank.axisCount : 0
    let parts = try sums.split(lengths: [Int](repeating: filters, count: 4), axis: axis)
    let gates = try [parts[0], parts[1], parts[3]].map { try $0.activated(by: recurrentActivation) }
    let carry = try gates[1] * states[1] + gates[0] * parts[2].activated(by: activation)
    let state = try gates[2] * carry.activated(by: activation)
    return [state, state, carry]
  }

  private func convolved(
    _ x: Traced<Scalar>, _ shape: ConvolutionShape, _ kernel: Weight<Scalar>, _ bias: Weight<Scalar>?
  ) throws -> Traced<Scalar> {
    let last = try x.channelsLast(from: dataFormat)
    let map = ConvolutionMap<Scalar>(shape.windows(of: Array(last.shape.dropLast())), groups: 1)
    return try shape.output(map, of: last, kernel, bias, .linear)
  }
}

extension ConvLSTMCell: RankedLayer {}
