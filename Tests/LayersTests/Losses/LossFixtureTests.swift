import Activations
import KerasFormat
import Layers
import Tensor
import Testing

/// Values and gradients that Keras computed in double.
struct LossFixtures: Decodable, Sendable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let loss: String
    let parameters: [String: Configuration]
    let prediction: String
    let target: String
    let weights: String?
    let value: Double
    let perSample: TensorFixture
    let gradient: TensorFixture

    var testDescription: String { "\(loss) \(Configuration.object(parameters)) \(prediction), \(target)" }
  }

  let predictions: [String: TensorFixture]
  let targets: [String: TensorFixture]
  let weights: [String: TensorFixture]
  let cases: [Case]

  static let shared = try! jsonFixture("losses", as: LossFixtures.self)
}

@Suite struct LossFixtureTests {
  @Test(arguments: LossFixtures.shared.cases)
  func `values and gradients are Keras's`(_ fixture: LossFixtures.Case) throws {
    let all = LossFixtures.shared
    let loss = try Loss<Double>(named: fixture.loss, parameters: fixture.parameters)
    let prediction = try #require(all.predictions[fixture.prediction]).tensor
    let target = try #require(all.targets[fixture.target]).tensor
    let weights = fixture.weights.map { all.weights[$0]!.tensor }

    let value = try loss(prediction, target, sampleWeights: weights)
    #expect(abs(value - fixture.value) <= 1e-10 * abs(fixture.value))
    #expect(try loss.perSample(prediction, target).distance(from: fixture.perSample.tensor) < 1e-10)
    let gradient = try loss.gradient(prediction, target, sampleWeights: weights)
    #expect(gradient.distance(from: fixture.gradient.tensor) < 1e-10)
    if target.floor() == target && fixture.loss != "Poisson" {
      #expect(try loss(prediction, target.cast(to: Int32.self), sampleWeights: weights) == value)
    }

    let single = try Loss<Float>(named: fixture.loss, parameters: fixture.parameters)
    let close = try single(prediction.cast(to: Float.self), target, sampleWeights: weights?.cast(to: Float.self))
    #expect(abs(Double(close) - fixture.value) <= 2e-5 * abs(fixture.value) + 1e-6)
  }
}
