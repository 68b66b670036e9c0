import Activations
import KerasFormat
import TestSupport
import Testing

@testable import Layers
@testable import Tensor

/// What a step of training and a call ask for of memory, when there have been some before.
@Suite struct StepMemoryTests {
  /// Every layer that there is, on a batch of 8 samples of these shapes, one for each input.
  private static let layers: [(layer: any Layer<Float>, shapes: [[Int]])] =
    [
      (Dense(3, activation: .gelu), [[6]]), (Dense(3, activation: .softmax, kernelRegularizer: .l1l2()), [[2, 6]]),
      (Dense(3, kernelConstraint: .maxNorm(), biasConstraint: .nonNegative), [[6]]),
      (EinsumDense("abc,cde->abde", outputShape: [nil, 2, 3], activation: .silu, biasAxes: "de"), [[2, 6]]),
      (EinsumDense("abc,cd->ad", outputShape: [2]), [[2, 6]]),
      (MultiHeadAttention(numHeads: 2, keyDim: 3, valueDim: 2, useCausalMask: true), [[3, 6], [4, 6]]),
      (MultiHeadAttention(numHeads: 2, keyDim: 3, attentionAxes: [2]), [[2, 3, 6], [2, 4, 6]]),
      (GroupQueryAttention(headDim: 3, numQueryHeads: 4, numKeyValueHeads: 2, useGate: true), [[3, 6], [4, 6]]),
      (GroupQueryAttention(headDim: 3, numQueryHeads: 4, numKeyValueHeads: 2, dropout: 0.1), [[3, 6], [4, 6]]),
      (Attention(useScale: true), [[3, 6], [4, 6]]), (Attention(scoreMode: .concat), [[3, 6], [4, 6]]),
      (AdditiveAttention(dropout: 0.1), [[3, 6], [4, 6]]),
      (Embedding(inputDim: 4, outputDim: 3, maskZero: true), [[6]]),
      (Conv1D(3, kernelSize: 2, padding: .causal, activation: .gelu), [[4, 6]]),
      (Conv2D(4, kernelSize: 3, strides: 2, padding: .same, groups: 2, activation: .relu), [[4, 4, 6]]),
      (Conv3D(2, kernelSize: 2), [[2, 2, 2, 6]]), (Conv1DTranspose(2, kernelSize: 3, strides: 2), [[4, 6]]),
      (Conv2DTranspose(2, kernelSize: 1, strides: 2, dataFormat: .channelsFirst), [[2, 2, 6]]),
      (Conv3DTranspose(2, kernelSize: 2), [[2, 2, 2, 6]]), (DepthwiseConv1D(kernelSize: 2), [[4, 6]]),
      (DepthwiseConv2D(kernelSize: 2, strides: 2, depthMultiplier: 2, activation: .gelu), [[4, 4, 6]]),
      (SeparableConv1D(2, kernelSize: 2), [[4, 6]]), (SeparableConv2D(2, kernelSize: 2), [[4, 4, 6]]),
      (ReLU(), [[6]]), (LeakyReLU(), [[6]]), (PReLU(), [[6]]), (PReLU(sharedAxes: [1]), [[2, 6]]), (ELU(), [[6]]),
      (Softmax(), [[6]]), (Softmax(axis: 1), [[2, 6]]), (ThresholdedReLU(), [[6]]),
      (BatchNormalization(), [[6]]), (BatchNormalization(axis: 1, scale: false), [[2, 6]]),
      (LayerNormalization(), [[6]]), (LayerNormalization(axis: [1, 2], center: false), [[2, 6]]),
      (GroupNormalization(groups: 2), [[2, 6]]), (RMSNormalization(), [[6]]), (UnitNormalization(), [[6]]),
      (Masking(), [[2, 6]]), (Normalization(mean: [1, -2, 0], variance: [4, 0.25, 1]), [[2, 3]]),
      (Rescaling(scale: 0.5, offset: 1), [[6]]),
      (Dropout(0.3), [[6]]), (Dropout(0.3, noiseShape: [nil, 1]), [[6]]), (SpatialDropout1D(0.3), [[2, 6]]),
      (SpatialDropout2D(0.3), [[2, 2, 6]]), (SpatialDropout3D(0.3), [[2, 2, 2, 6]]), (AlphaDropout(0.3), [[6]]),
      (GaussianDropout(0.3), [[6]]), (GaussianNoise(0.3), [[6]]), (ActivityRegularization(l1: 0.1, l2: 0.1), [[6]]),
      (MaxPooling1D(), [[5, 6]]), (MaxPooling2D(poolSize: 3, strides: 2, padding: .same), [[5, 4, 6]]),
      (MaxPooling2D(dataFormat: .channelsFirst), [[3, 4, 6]]), (MaxPooling3D(), [[2, 3, 2, 6]]),
      (AveragePooling1D(poolSize: 2), [[5, 6]]), (AveragePooling2D(poolSize: 3, padding: .same), [[5, 4, 6]]),
      (AveragePooling3D(poolSize: 2), [[2, 3, 2, 6]]),
      (GlobalMaxPooling1D(), [[5, 6]]), (GlobalMaxPooling2D(dataFormat: .channelsFirst), [[2, 3, 6]]),
      (GlobalMaxPooling3D(keepdims: true), [[2, 3, 2, 6]]), (GlobalAveragePooling1D(), [[5, 6]]),
      (GlobalAveragePooling2D(), [[2, 3, 6]]), (GlobalAveragePooling3D(), [[2, 3, 2, 6]]),
      (AdaptiveMaxPooling1D(outputSize: 2), [[5, 6]]), (AdaptiveMaxPooling2D(outputSize: 2), [[5, 3, 6]]),
      (AdaptiveMaxPooling3D(outputSize: 2), [[3, 3, 2, 6]]), (AdaptiveAveragePooling1D(outputSize: 2), [[5, 6]]),
      (AdaptiveAveragePooling2D(outputSize: [2, 5]), [[5, 3, 6]]),
      (AdaptiveAveragePooling3D(outputSize: 2), [[3, 3, 2, 6]]),
      (ZeroPadding1D(), [[5, 6]]), (ZeroPadding2D(padding: [(0, 1), (2, 0)]), [[5, 3, 6]]),
      (ZeroPadding3D(), [[1, 2, 2, 6]]), (Cropping1D(), [[5, 6]]), (Cropping2D(cropping: 1), [[5, 3, 6]]),
      (Cropping3D(), [[3, 3, 3, 6]]), (UpSampling1D(), [[5, 6]]), (UpSampling2D(), [[2, 3, 6]]),
      (UpSampling2D(interpolation: .bilinear), [[2, 3, 6]]),
      (UpSampling2D(dataFormat: .channelsFirst, interpolation: .lanczos3), [[2, 3, 6]]),
      (UpSampling3D(), [[1, 2, 2, 6]]),
      (Resizing(height: 3, width: 5), [[4, 4, 3]]),
      (Resizing(height: 3, width: 5, fitting: .pad(1), dataFormat: .channelsFirst), [[3, 4, 4]]),
      (CenterCrop(height: 3, width: 2), [[4, 4, 3]]), (RandomCrop(height: 3, width: 2), [[4, 4, 3]]),
      (RandomFlip(), [[4, 4, 3]]), (RandomRotation(factor: 0.2), [[4, 4, 3]]),
      (RandomTranslation(heightFactor: 0.2, widthFactor: 0.2, dataFormat: .channelsFirst), [[3, 4, 4]]),
      (RandomZoom(heightFactor: 0.2), [[4, 4, 3]]), (RandomShear(xFactor: 0.2), [[4, 4, 3]]),
      (RandomContrast(factor: 0.2), [[4, 4, 3]]), (RandomBrightness(factor: 0.2), [[4, 4, 3]]),
      (RandomInvert(), [[4, 4, 3]]), (RandomGrayscale(), [[4, 4, 3]]),
      (RandomColorDegeneration(factor: 0.2), [[4, 4, 3]]), (RandomSharpness(factor: 0.2), [[4, 4, 3]]),
      (RandomGaussianBlur(), [[4, 4, 3]]), (Solarization(thresholdFactor: 0.5), [[4, 4, 3]]),
      (RandomHue(factor: 0.2), [[4, 4, 3]]), (RandomSaturation(factor: 0.2), [[4, 4, 3]]),
      (RandomColorJitter(brightnessFactor: 0.1, hueFactor: 0.2), [[4, 4, 3]]),
      (RandomPosterization(factor: 2...4), [[4, 4, 3]]), (AutoContrast(), [[4, 4, 3]]),
      (Equalization(bins: 16), [[4, 4, 3]]),
      (RandomErasing(), [[4, 4, 3]]), (RandomPerspective(), [[4, 4, 3]]),
      (SimpleRNN(4), [[3, 6]]), (LSTM(4, dropout: 0.2, recurrentDropout: 0.2, returnSequences: true), [[3, 6]]),
      (LSTM(4), [[3, 6], [4], [4]]), (GRU(4), [[3, 6]]), (GRU(4, resetAfter: false, goBackwards: true), [[3, 6]]),
      (GRU(4, activation: .gelu), [[3, 6]]), (RNN([GRUCell(4), LSTMCell(3)]), [[3, 6]]),
      (SimpleRNNCell(4), [[6], [4]]), (LSTMCell(4), [[6], [4], [4]]), (GRUCell(4), [[6], [4]]),
      (StackedRNNCells([GRUCell(4), LSTMCell(3)]), [[6], [4], [3], [3]]), (Bidirectional(LSTM(4)), [[3, 6]]),
      (TimeDistributed(Dense(3)), [[2, 6]]), (TimeDistributed(LayerNormalization()), [[2, 6]]),
      (ConvLSTM1D(2, kernelSize: 2), [[3, 4, 2]]), (ConvLSTM2D(2, kernelSize: 2), [[2, 4, 4, 2]]),
      (ConvLSTM3D(2, kernelSize: 2), [[2, 3, 3, 3, 2]]),
      (Flatten(), [[2, 6]]), (Flatten(dataFormat: .channelsFirst), [[2, 3, 6]]), (Reshape([-1, 2]), [[6]]),
      (Permute([2, 1]), [[2, 6]]), (RepeatVector(3), [[6]]), (Identity(), [[6]]),
      (Add(), [[6], [6], [2, 6]]), (Subtract(), [[6], [2, 6]]), (Multiply(), [[6], [6], [6]]),
      (Multiply(), [[6], [2, 6]]), (Average(), [[6], [6]]), (Maximum(), [[6], [6]]), (Minimum(), [[6], [2, 6]]),
      (Concatenate(), [[6], [6]]), (Dot(axes: 1), [[6], [6]]), (Dot(axes: -1, normalize: true), [[2, 6], [2, 6]]),
      (LayerScale(6, initialValue: 0.5), [[2, 6]]), (StochasticDepth(0.3), [[2, 6]]),
      (CustomScaleLayer(scale: 0.17), [[6], [6]]),
      (OperationLayer(.named("Add"), [.tensor, .constant(.ones([6]))]), [[2, 6]]),
      (OperationLayer(.named("Power"), [.tensor, .constant(Tensor(2))]), [[6]]),
      (OperationLayer(.named("Exp"), [.tensor]), [[6]]),
      (OperationLayer(.named("Multiply"), [.tensor, .tensor]), [[6], [6]]),
    ] + Activation<Float>.catalog.map { ($0, [[6]]) }

  @Test func `a step asks for no memory, whatever the layers`() throws {
    let names = Set(Self.layers.map(\.layer.className))
    // Layers of categories come before what is trained, and number one after another.
    let ofCategories: Set = [
      "CategoryEncoding", "Discretization", "Hashing", "HashedCrossing", "IntegerLookup", "StringLookup",
      "TextVectorization",
    ]
    #expect(names.union(ofCategories).isSuperset(of: LayerRegistry<Float>.builtInNames))
    for (layer, shapes) in Self.layers {
      let inputs = shapes.map { Input<Float>(shape: $0) }
      // What comes before the layer asks for the gradients by its inputs.
      let ends = inputs.map { layer is Embedding<Float> ? Rescaling(scale: 0)($0) : Dense($0.shape.last!)($0) }
      let output = layer(ends)
      var model = try Functional(inputs: inputs, outputs: output)
      model.compile(optimizer: .adam(), loss: .meanSquaredError)
      let x = shapes.map { Tensor<Float>.ones([16] + $0) * 0.3 }
      let y = Tensor<Float>.zeros([16] + (try model.outputShapes(forInputs: shapes)[0]))
      try expectNoRequests(by: &model, x, y, "\(layer)")
    }
  }

  @Test func `a step asks for no memory, whatever the loss`() throws {
    for rule in Loss<Float>.Rule.all {
      for reduction in LossReduction.allCases {
        let loss = Loss(rule, reduction: reduction)
        var model = Sequential<Float> { Dense(3, activation: .softmax) }
        if rule == .ctc {
          model = Sequential<Float> {
            RepeatVector(5)
            Dense(3)
          }
        }
        model.compile(optimizer: .sgd(), loss: loss)
        try expectNoRequests(by: &model, [x], targets(for: rule), "\(loss)")
        // One value for the whole batch has no weights.
        if rule == .dice(DiceLoss()) || rule == .tversky(TverskyLoss()) { continue }
        try expectNoRequests(by: &model, [x], targets(for: rule), weights: .ones([16]), "\(loss), weighted")
      }
    }
  }

  @Test func `a step asks for no memory, whatever the metric`() throws {
    let parameters: [String: [String: Configuration]] = [
      "IoU": ["num_classes": 3, "target_class_ids": [0, 2]], "OneHotIoU": ["num_classes": 3, "target_class_ids": [0]],
      "MeanIoU": ["num_classes": 3], "OneHotMeanIoU": ["num_classes": 3], "PrecisionAtRecall": ["recall": 0.5],
      "RecallAtPrecision": ["precision": 0.5], "SensitivityAtSpecificity": ["specificity": 0.5],
      "SpecificityAtSensitivity": ["sensitivity": 0.5],
    ]
    for rule in Metric<Float>.Rule.all {
      let name = rule.identifiers[0]
      let metric = try Metric<Float>(named: name, parameters: parameters[name] ?? [:])
      let isOfClasses = name == "IoU" || name == "MeanIoU"
      var model = Sequential<Float> { Dense(isOfClasses ? 1 : 3, activation: .sigmoid) }
      let isSparse = name.lowercased().contains("sparse")
      model.compile(
        optimizer: .sgd(), loss: isSparse ? .sparseCategoricalCrossentropy : .meanSquaredError, metrics: [metric])
      let y: any TargetTensor =
        if isSparse { labels } else if isOfClasses { labels.reshaped([16, 1]) } else { oneHot }
      try expectNoRequests(by: &model, [x], y, name)
    }
  }

  @Test func `a step asks for no memory, whatever the optimizer`() throws {
    var optimizers: [Optimizer<Float>] = []
    for rule in Optimizer<Float>.Rule.all {
      let optimizer = Optimizer(rule)
      optimizers += [
        optimizer, optimizer.with(weightDecay: 0.01), optimizer.with(clipping: .norm(1)),
        optimizer.with(clipping: .globalNorm(1)), optimizer.with(clipping: .value(0.1)),
        optimizer.with(movingAverage: MovingAverage(overwriteFrequency: 2)),
        optimizer.with(gradientAccumulationSteps: 2), optimizer.with(dynamicLossScale: DynamicLossScale()),
      ]
    }
    optimizers.append(.sgd(momentum: 0.9, nesterov: true))
    for optimizer in optimizers {
      var model = Sequential<Float> {
        Dense(4, activation: .relu, kernelRegularizer: .orthogonal())
        BatchNormalization()
        Dense(3, activation: .softmax, kernelConstraint: .unitNorm())
      }
      model.compile(optimizer: optimizer, loss: .sparseCategoricalCrossentropy, metrics: [.accuracy])
      try expectNoRequests(by: &model, [x], labels, "\(optimizer)")
    }
  }

  // MARK: Counting

  private let x = Tensor<Float>.arange(0, 64).reshaped([16, 4]) / 64
  private let labels = Tensor<Int64>.arange(0, 16) % 3
  private var oneHot: Tensor<Float> { try! labels.oneHot(classes: 3) }

  private func targets(for rule: Loss<Float>.Rule) -> any TargetTensor {
    switch rule {
    case .ctc: Tensor<Int64>([1, 2]).broadcast(to: [16, 2]).copied()
    case .circle, .sparseCategoricalCrossentropy, .generalizedCrossentropy, .crossentropy: labels
    default: oneHot
    }
  }

  private func expectNoRequests(
    by model: inout Model<Float>, _ x: [Tensor<Float>], _ y: any TargetTensor, weights: Tensor<Float>? = nil,
    _ comment: String
  ) throws {
    var generator = PhiloxGenerator(seed: 1)
    func step(_ model: inout Model<Float>) throws -> Int {
      try Allocations.during { try model.trainOnBatch(x, [y], sampleWeights: [weights], using: &generator) }
    }
    for _ in 0..<4 { _ = try step(&model) }
    #expect(try (0..<4).map { _ in try step(&model) } == [0, 0, 0, 0], "a step: \(comment)")

    let count = RequestCount()
    try model.fit(
      x, [y],
      options: TrainingOptions {
        ($0.epochs, $0.batchSize, $0.sampleWeights) = (3, 4, [weights])
        ($0.callbacks, $0.progress) = ([count], .none)
      }, using: &generator)
    #expect(count.last == [0, 0, 0], "steps of fit: \(comment)")

    for _ in 0..<2 { _ = try model(x) }
    #expect(try Allocations.during { _ = try model(x) } <= 1, "the result: \(comment)")
  }

  /// Counts the requests of the steps of an epoch, but for those of the first one.
  private final class RequestCount: Callback {
    private(set) var last: [Int] = []
    private var total = 0

    func epochBegan(_ run: inout TrainingRun<Float>) { last = [] }
    func batchEnded(_ run: inout TrainingRun<Float>) {
      if run.batch > 0 { last.append(Allocations.total - total) }
      total = Allocations.total
    }
  }
}
