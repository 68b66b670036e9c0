import Activations
import Foundation
import KerasFormat
import Layers
import Tensor
import Testing

/// What Keras's optimizers make of two weights in 20 steps.
struct OptimizerFixture: Decodable {
  let initial, gradients: [Double]
  let cases: [Configuration]

  static let fixture: OptimizerFixture = try! jsonFixture("optimizers")
  /// [case, step, element]; the last step is the value after training.
  static let results: Tensor<Double> = {
    let url = Bundle.module.url(forResource: "optimizers", withExtension: "npy", subdirectory: "Fixtures")!
    return try! Tensor(contentsOf: url.path)
  }()
}

@Suite struct OptimizerFixtureTests {
  static let fixture = OptimizerFixture.fixture
  static let shapes = [[2, 2], [3]]

  /// The elements of both weights.
  static func weights<Scalar: RealScalar>(_ elements: ArraySlice<Double>) -> [Tensor<Scalar>] {
    let elements = elements.map { Scalar($0) }
    return [Tensor(shape: [2, 2], scalars: Array(elements[..<4])), Tensor(shape: [3], scalars: Array(elements[4...]))]
  }

  /// The largest error in parts of what Keras has, over all steps.
  static func error<Scalar: RealScalar>(_ index: Int, _: Scalar.Type) throws -> Double {
    var state = OptimizerState(try Optimizer<Scalar>(configuration: fixture.cases[index]))
    var values: [Tensor<Scalar>] = weights(fixture.initial[...])
    var largest = 0.0
    func compare(_ step: Int) {
      let found = values.flatMap(\.scalars)
      for element in found.indices {
        let expected = OptimizerFixture.results[at: index, step, element]
        let error = abs(Double(found[element]) - expected) / max(abs(expected), 1e-3)
        largest = max(largest, error.isNaN ? .infinity : error)
      }
    }
    for step in 0..<20 {
      var gradients: [Tensor<Scalar>] = weights(fixture.gradients[(step * 7)..<(step * 7 + 7)])
      state.beginStep()
      if state.needsGradientNorm {
        for weight in 0..<2 { state.addGradientNorm(of: &gradients[weight], at: weight) }
      }
      for weight in 0..<2 { state.update(&values[weight], gradient: &gradients[weight], at: weight) }
      state.endStep()
      compare(step)
    }
    for weight in 0..<2 { state.finish(&values[weight], at: weight) }
    compare(20)
    return largest
  }

  @Test(arguments: 0..<OptimizerFixture.fixture.cases.count)
  func `steps are those of Keras`(index: Int) throws {
    let error = try Self.error(index, Double.self)
    // Keras computes cosine decay in float32.
    let isCosineDecay = "\(Self.fixture.cases[index])".contains("CosineDecay")
    #expect(error < (isCosineDecay ? 1e-6 : 1e-9), "\(Self.fixture.cases[index])")
    #expect(try Self.error(index, Float.self) < 2e-4, "\(Self.fixture.cases[index])")
  }

  @Test(arguments: 0..<OptimizerFixture.fixture.cases.count)
  func `configurations are read and written as Keras does`(index: Int) throws {
    let configuration = Self.fixture.cases[index]
    let optimizer = try Optimizer<Double>(configuration: configuration)
    guard case .object(var fields) = configuration, case .object(var config)? = fields["config"] else {
      Issue.record("no object")
      return
    }
    config["name"] = nil
    if case .object(var schedule)? = config["learning_rate"] {
      if case .object(var scheduleConfig)? = schedule["config"] {
        scheduleConfig["name"] = nil
        schedule["config"] = .object(scheduleConfig)
      }
      config["learning_rate"] = .object(schedule)
    }
    fields["config"] = .object(config)
    fields["registered_name"] = .null
    #expect(optimizer.configuration == .object(fields))
    #expect(try Optimizer<Double>(configuration: optimizer.configuration) == optimizer)
  }
}
