import Activations
import KerasFormat
import Tensor
import Testing

@testable import Layers

/// What Keras's metrics gave over two batches.
struct MetricFixtures: Decodable, Sendable {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    let metric: String
    let name: String
    let parameters: [String: Configuration]
    let prediction: String
    let target: String
    let weighted: Bool
    let results: [Double]

    var testDescription: String { "\(metric) \(Configuration.object(parameters)) \(weighted ? "weighted" : "")" }
  }

  let predictions: [String: [TensorFixture]]
  let targets: [String: [TensorFixture]]
  let weights: [TensorFixture]
  let cases: [Case]

  /// Of make_metrics.py and of make_scores.py.
  static let all = ["metrics", "scores"].map { try! jsonFixture($0, as: MetricFixtures.self) }
}

@Suite struct MetricFixtureTests {
  static let cases = MetricFixtures.all.flatMap { fixtures in fixtures.cases.map { (fixtures, $0) } }

  @Test(arguments: cases.indices) func `results over batches are Keras's`(index: Int) throws {
    let (all, fixture) = Self.cases[index]
    let metric = try Metric<Double>(named: fixture.metric, parameters: fixture.parameters)
    var state = metric.makeState()
    for batch in 0..<2 {
      let prediction = try #require(all.predictions[fixture.prediction])[batch].tensor
      let target = try #require(all.targets[fixture.target])[batch].tensor
      let weights = fixture.weighted ? all.weights[batch].tensor : nil
      try state.update(prediction, target, sampleWeights: weights)
      // As training does that goes on from a backup.
      var restored = metric.makeState()
      #expect(!restored.restore(state.numbers + [0]) && restored.restore(state.numbers))
      state = restored
    }
    #expect(state.results.count == fixture.results.count, "\(fixture)")
    for (found, expected) in zip(state.results, fixture.results) {
      #expect(abs(found - expected) <= 3e-6 * max(1, abs(expected)), "\(found), expected \(expected) of \(fixture)")
    }
    #expect(
      abs(state.result - fixture.results.reduce(0, +) / Double(fixture.results.count)) < 1e-5 * max(1, state.result))
    #expect(try Metric<Double>(configuration: metric.configuration).named("") == metric.named(""))
    state.reset()
    #expect(state.results.allSatisfy { $0 == 0 || $0.isNaN })
  }
}
