import Activations
import CKernels
import KerasFormat
import Tensor
import TestSupport
import Testing

@testable import Layers

/// A loss with inputs that suit it.
struct LossCase: Sendable, CustomTestStringConvertible {
  enum Range { case real, positive, unit, probabilities }
  enum Kind { case real, positive, binary, oneHot, classes }

  let loss: Loss<Double>
  let prediction: Range
  let target: Kind

  init(_ loss: Loss<Double>, _ prediction: Range, _ target: Kind) {
    self.loss = loss
    self.prediction = prediction
    self.target = target
  }

  var testDescription: String { loss.description }

  static let all = [
    LossCase(.meanSquaredError, .real, .real), LossCase(.meanAbsoluteError, .real, .real),
    LossCase(.meanAbsolutePercentageError, .real, .real),
    LossCase(.meanSquaredLogarithmicError, .positive, .positive), LossCase(.huber, .real, .real),
    LossCase(.logCosh, .real, .real), LossCase(.cosineSimilarity, .real, .real), LossCase(.hinge, .real, .binary),
    LossCase(.squaredHinge, .real, .binary), LossCase(.categoricalHinge, .real, .oneHot),
    LossCase(.klDivergence, .probabilities, .oneHot), LossCase(.poisson, .positive, .positive),
    LossCase(.binaryCrossentropy, .unit, .binary), LossCase(.binaryCrossentropy(fromLogits: true), .real, .binary),
    LossCase(.binaryFocalCrossentropy(gamma: 1.5), .unit, .binary),
    LossCase(.binaryFocalCrossentropy(fromLogits: true), .real, .binary),
    LossCase(.categoricalCrossentropy, .probabilities, .oneHot),
    LossCase(.categoricalCrossentropy(fromLogits: true, labelSmoothing: 0.1), .real, .oneHot),
    LossCase(.sparseCategoricalCrossentropy, .probabilities, .classes),
    LossCase(.sparseCategoricalCrossentropy(fromLogits: true), .real, .classes),
    LossCase(.categoricalFocalCrossentropy(gamma: 3), .probabilities, .oneHot),
    LossCase(.categoricalGeneralizedCrossEntropy(), .probabilities, .classes),
    LossCase(.dice(axis: [-1]), .unit, .binary), LossCase(.tversky(alpha: 0.3, beta: 0.8), .unit, .binary),
  ]

  /// Those whose values and gradients one kernel makes; the others are composed of operations on tensors or follow an activation.
  static let ofKernels = all.filter { subject in
    switch subject.loss.rule {
    case .cosineSimilarity, .categoricalHinge, .dice, .tversky: false
    case .binaryFocalCrossentropy(let loss): !loss.focus.fromLogits
    case .categoricalFocalCrossentropy(let loss): !loss.fromLogits
    default: true
    }
  }

  func inputs(
    rows: Int, columns: Int, using generator: inout PhiloxGenerator
  ) throws -> (prediction: Tensor<Double>, target: Target<Double>) {
    func predictions(_ range: Range) throws -> Tensor<Double> {
      switch range {
      case .real: return .normal([rows, columns], using: &generator) * 2
      case .positive: return .uniform([rows, columns], in: 0.1..<3, using: &generator)
      case .unit: return .uniform([rows, columns], in: 0.02..<0.98, using: &generator)
      case .probabilities: return try softmax(Tensor<Double>.normal([rows, columns], using: &generator))
      }
    }
    let prediction = try predictions(self.prediction)
    let classes = Tensor<Double>.uniform([rows], in: 0..<Double(columns), using: &generator).cast(to: Int64.self)
    let target: Target<Double>
    switch self.target {
    case .real: target = .reals(try predictions(.real))
    case .positive: target = .reals(try predictions(.positive))
    case .binary: target = .reals(try predictions(.real).floor().clamped(0...1))
    case .oneHot: target = .reals(try classes.oneHot(classes: columns, of: Double.self))
    case .classes: target = .integers(classes)
    }
    return (prediction, target)
  }
}

@Suite struct LossGradientTests {
  @Test(arguments: LossCase.all) func `gradients agree with differences of values`(_ subject: LossCase) throws {
    var generator = PhiloxGenerator(seed: 11)
    for (rows, columns) in [(3, 5), (2, 19)] {
      var (prediction, target) = try subject.inputs(rows: rows, columns: columns, using: &generator)
      let isWhole = if case .tversky = subject.loss.rule { true } else { false }
      let weights = isWhole ? nil : Tensor<Double>.uniform([rows], in: 0.5..<2, using: &generator)
      let gradient = try subject.loss.gradient(prediction, target, sampleWeights: weights)
      let size = gradient.absolute().max().scalar
      for row in 0..<rows {
        for column in 0..<columns {
          let x = prediction[row, column].scalar
          let step = 1e-5
          prediction[row, column] = Tensor(x + step)
          let above = try subject.loss(prediction, target, sampleWeights: weights)
          prediction[row, column] = Tensor(x - step)
          let below = try subject.loss(prediction, target, sampleWeights: weights)
          prediction[row, column] = Tensor(x)
          let slope = (above - below) / (2 * step)
          #expect(abs(gradient[row, column].scalar - slope) <= 1e-6 * max(abs(slope), size))
        }
      }
    }
  }

  @Test(arguments: LossCase.ofKernels)
  func `every instruction set gives the same, in both precisions and at every length`(_ subject: LossCase) throws {
    var generator = PhiloxGenerator(seed: 12)
    for (rows, columns) in [(1, 1), (33, 1), (5, 3), (17, 7), (40, 10), (3, 33), (18, 64), (2, 257), (2, 1100)] {
      let (x, target) = try subject.inputs(rows: rows, columns: columns, using: &generator)
      let aligned: AlignedTarget<Double>
      if case .classes = subject.target {
        aligned = try AlignedTarget(classes: target, prediction: x.shape, name: "", ignoring: nil)
      } else {
        aligned = try AlignedTarget(values: target, prediction: x.shape, name: "")
      }
      let kernel = try #require(LossKernel(subject.loss.rule, aligned))
      try #require(kernel.activation == nil)
      if columns == 1 && subject.prediction == .probabilities { continue }  // nothing but roundings
      var reference = Tensor<Double>.zeros([0])
      let weights = Tensor<Double>.uniform([rows], in: 0.5..<2, using: &generator)
      let expected = kernel.rows(x, aligned, weights, &reference, .best)
      for kernels in Kernels.supported {
        var gradient = Tensor<Double>.zeros([0])
        let values = kernel.rows(x, aligned, weights, &gradient, kernels)
        #expect(values.distance(from: expected) < 1e-13, "\(kernels.name) \(x.shape)")
        #expect(gradient.distance(from: reference) < 1e-12, "\(kernels.name) \(x.shape)")
        #expect(kernel.rows(x, aligned, kernels).distance(from: values) < 1e-14)

        var single = Tensor<Float>.zeros([0])
        let close = try kernel.rows(
          x.cast(to: Float.self), aligned.single, weights.cast(to: Float.self), &single, kernels)
        #expect(close.distance(from: expected) < 1e-5, "\(kernels.name) \(x.shape)")
        #expect(single.cast(to: Double.self).distance(from: reference) < 2e-5, "\(kernels.name) \(x.shape)")
      }
    }
  }

  @Test func `losses do not depend on the number of threads`() throws {
    let threadCount = ThreadCount()
    defer { threadCount.restore() }
    var generator = PhiloxGenerator(seed: 13)
    for subject in LossCase.all {
      let (x, target) = try subject.inputs(rows: 1003, columns: 41, using: &generator)
      Threads.count = 1
      var reference = Tensor<Double>.zeros([0])
      let value = try subject.loss.valueAndGradient(x, target, into: &reference)
      for count in [2, 3] {
        Threads.count = count
        var gradient = Tensor<Double>.zeros([0])
        let again = try subject.loss.valueAndGradient(x, target, into: &gradient)
        #expect(again == value && gradient == reference, "\(subject)")
      }
    }
  }
}

extension AlignedTarget where Scalar == Double {
  fileprivate var single: AlignedTarget<Float> {
    get throws {
      switch numbers {
      case .values(let y): try AlignedTarget<Float>(values: .reals(y.cast(to: Float.self)), prediction: shape, name: "")
      case .classes(let y, _):
        try AlignedTarget<Float>(classes: .integers(y), prediction: shape, name: "", ignoring: nil)
      }
    }
  }
}

extension LossKernel where Scalar == Double {
  /// The kernel alone, with the parameters that it was made with.
  fileprivate func rows<Real: RealScalar>(
    _ x: Tensor<Real>, _ target: AlignedTarget<Real>, _ weights: Tensor<Real>, _ gradient: inout Tensor<Real>,
    _ kernels: Kernels
  ) -> Tensor<Double> {
    var arguments = LossArguments()
    arguments.scale = 0.5
    switch target.numbers {
    case .values(let y):
      return x.lossRows(
        rule, target: y, columns: target.columns, weights: weights, arguments, gradient: &gradient, kernels: kernels
      )
    case .classes(let y, _):
      return x.lossRows(
        rule, target: y, columns: target.columns, weights: weights, arguments, gradient: &gradient, kernels: kernels
      )
    }
  }

  fileprivate func rows<Real: RealScalar>(
    _ x: Tensor<Real>, _ target: AlignedTarget<Real>, _ kernels: Kernels
  ) -> Tensor<Double> {
    let arguments = LossArguments()
    switch target.numbers {
    case .values(let y):
      return x.lossRows(rule, target: y, columns: target.columns, arguments, kernels: kernels)
    case .classes(let y, _):
      return x.lossRows(rule, target: y, columns: target.columns, arguments, kernels: kernels)
    }
  }
}
