import Activations
import KerasFormat
import Layers
import Tensor
import TestSupport
import Testing

/// Losses of sequences and of distances, beside what make_sequence_losses.py has of Keras.
@Suite struct SequenceLossTests {
  struct Fixture: Decodable, Sendable {
    struct Case: Decodable, Sendable {
      let loss: String
      let parameters: [String: Configuration]
      let prediction, target: TensorFixture
      let weights: TensorFixture?
      let value: Double
      let perSample, gradient: TensorFixture
    }

    let cases: [Case]
  }

  static let cases = try! jsonFixture("sequence_losses", as: Fixture.self).cases

  @Test(arguments: cases.indices) func `values and gradients are Keras's`(index: Int) throws {
    let fixture = Self.cases[index]
    // TensorFlow computes CTC in single precision.
    let tolerance = fixture.loss == "CTC" ? 2e-6 : 1e-10
    let loss = try Loss<Double>(named: fixture.loss, parameters: fixture.parameters)
    let (p, y, w) = (fixture.prediction.tensor, fixture.target.tensor, fixture.weights?.tensor)
    #expect(abs(try loss(p, y, sampleWeights: w) - fixture.value) <= tolerance * fixture.value)
    #expect(try loss.perSample(p, y).distance(from: fixture.perSample.tensor) < tolerance)
    #expect(try loss.gradient(p, y, sampleWeights: w).distance(from: fixture.gradient.tensor) < tolerance)
    #expect(try loss(p, y.cast(to: Int32.self), sampleWeights: w) == loss(p, y, sampleWeights: w))
    let single = try Loss<Float>(named: fixture.loss, parameters: fixture.parameters)
    let close = try single(p.cast(to: Float.self), y, sampleWeights: w?.cast(to: Float.self))
    #expect(abs(Double(close) - fixture.value) <= 2e-5 * fixture.value)
    #expect(try Loss<Double>(configuration: loss.configuration) == loss)
  }

  @Test(arguments: cases.indices) func `gradients are those of finite differences`(index: Int) throws {
    let fixture = Self.cases[index]
    let loss = try Loss<Double>(named: fixture.loss, parameters: fixture.parameters)
    let (p, y, w) = (fixture.prediction.tensor, fixture.target.tensor, fixture.weights?.tensor)
    let gradient = try loss.gradient(p, y, sampleWeights: w).flattened.scalars
    let step = 1e-5
    for element in gradient.indices {
      func value(_ shift: Double) throws -> Double {
        var scalars = p.scalars
        scalars[element] += shift
        return try loss(Tensor(shape: p.shape, scalars: scalars), y, sampleWeights: w)
      }
      let slope = try (value(step) - value(-step)) / (2 * step)
      #expect(abs(slope - gradient[element]) < 1e-5 * max(1, abs(slope)), "\(element) of \(fixture.loss)")
    }
  }

  @Test func `a label that cannot be spelled, and what is no label, is told`() {
    func text(_ loss: Loss<Float>, _ shape: [Int], _ target: Tensor<Int64>) -> String {
      let error = #expect(throws: EvaluationError.self) { try loss(.zeros(shape), target) }
      return error.map { "\($0)" } ?? ""
    }
    #expect(
      text(.ctc, [1, 3, 4], [[1, 1, 2]])
        == "ctc: the prediction has the shape [1, 3, 4]; expected: [batch, 4 steps or more, classes], which the target "
        + "at [0] takes")
    #expect(
      text(.ctc, [1, 3, 4], [[1, 4, 0]]) == "ctc: the label at [0, 1] is 4; allowed: 0 ..< 4, of which 0 is none")
    #expect(text(.ctc, [1, 4], [[1]]).contains("expected: [batch, steps, classes]"))
    #expect(text(.ctc, [2, 3, 4], [[1]]).contains("expected: a target of [2, letters]"))
    #expect(text(.circle, [2, 3], [1, 2, 3]).contains("expected: a target of class numbers of [2] or [2, 1]"))
    #expect(text(.circle, [2], [1, 2]).contains("expected: [batch, features]"))
    let error = #expect(throws: EvaluationError.self) {
      try Loss<Float>.circle(.zeros([2, 2]), Tensor<Float>([1, 0.5]))
    }
    #expect(error.map { "\($0)" } == "circle: the label at [1] is 0.5; allowed: whole numbers")
  }

  @Test func `an empty label is spelled by blanks alone, and rows without company do not count`() throws {
    let logits = Tensor<Double>([[[2, 1], [0, 3]]])
    let p = try softmax(logits)
    let expected = -(p[at: 0, 0, 0] * p[at: 0, 1, 0]).log()
    #expect(abs(try Loss<Double>.ctc(logits, Tensor<Int64>([[0, 0, 0, 0]])) - expected) < 1e-12)
    let embeddings = Tensor<Double>.identity(3)
    #expect(try Loss<Double>.circle(embeddings, Tensor<Int64>([0, 1, 2])) == 0)
    #expect(try Loss<Double>.circle.gradient(embeddings, Tensor<Int64>([0, 1, 2])) == .zeros([3, 3]))
  }
}

extension Double {
  fileprivate func log() -> Double { Tensor(self).log().scalar }
}
