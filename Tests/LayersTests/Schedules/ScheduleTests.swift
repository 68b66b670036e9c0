import Activations
import KerasFormat
import Layers
import Testing

private struct ScheduleFixture: Decodable {
  let steps: [Int]
  let cases: [Case]

  struct Case: Decodable {
    let configuration: Configuration
    let rates: [Double]
  }

  static let fixture: ScheduleFixture = try! jsonFixture("schedules")
}

@Suite struct ScheduleTests {
  @Test(arguments: 0..<ScheduleFixture.fixture.cases.count)
  func `rates are those of Keras`(index: Int) throws {
    let fixture = ScheduleFixture.fixture
    let schedule = try Schedule(configuration: fixture.cases[index].configuration)
    // Keras computes cosine decay in float32.
    let allowed = schedule.name.hasPrefix("CosineDecay") ? 1e-7 : 1e-14
    for (step, rate) in zip(fixture.steps, fixture.cases[index].rates) {
      #expect(abs(schedule(step) - rate) <= allowed, "\(schedule.name) at \(step)")
    }
    #expect(try Schedule(configuration: schedule.configuration) == schedule)
  }

  @Test func `numbers are constants`() throws {
    let schedule: Schedule = 0.25
    #expect(schedule(0) == 0.25 && schedule(1000) == 0.25)
    let one: Schedule = 1
    #expect(one == .constant(1))
    #expect(try Schedule(configuration: 0.5) == 0.5)
    #expect(schedule.configuration == 0.25)
  }

  @Test func `factories and names make the same`() throws {
    #expect(
      try Schedule(
        named: "CosineDecay",
        parameters: ["initial_learning_rate": 0.1, "decay_steps": 10, "warmup_target": 0.2, "warmup_steps": 3])
        == .cosineDecay(initialRate: 0.1, steps: 10, warmupTarget: 0.2, warmupSteps: 3))
    #expect(
      try Schedule(named: "PiecewiseConstantDecay", parameters: ["boundaries": [3], "values": [1, 2]])
        == .piecewiseConstant(boundaries: [3], values: [1, 2]))
    #expect(Schedule.piecewiseConstant(boundaries: [], values: [0.5])(7) == 0.5)
    #expect(Schedule.exponentialDecay(initialRate: 1, steps: 10, decayRate: 0.5)(20) == 0.25)
    #expect(Schedule.inverseTimeDecay(initialRate: 1, steps: 10, decayRate: 1)(10) == 0.5)
    #expect(Schedule.polynomialDecay(initialRate: 1, steps: 10, finalRate: 0)(5) == 0.5)
    #expect(Schedule.cosineDecayRestarts(initialRate: 1, firstSteps: 10)(10) == 1)
    #expect(Schedule.custom("half") { 1 / Double($0 + 1) }(1) == 0.5)
  }

  static let mistakes: [(name: String, parameters: [String: Configuration], text: String)] = [
    (
      "ExponentialDecay", ["initial_learning_rate": 0.1, "decay_rate": 0.5],
      "ExponentialDecay: decay_steps is missing; allowed: finite numbers above 0"
    ),
    (
      "InverseTimeDecay", ["initial_learning_rate": 0.1, "decay_rate": 0.5, "decay_steps": 0],
      "InverseTimeDecay: decay_steps is 0; allowed: finite numbers above 0"
    ),
    (
      "PiecewiseConstantDecay", ["boundaries": [1, 2], "values": [1, 2]],
      "PiecewiseConstantDecay: values is [1.0, 2.0]; allowed: lists of one number more than there are boundaries, "
        + "which are [1, 2]"
    ),
    (
      "PiecewiseConstantDecay", ["boundaries": [2, 1], "values": [1, 2, 3]],
      "PiecewiseConstantDecay: boundaries is [2, 1]; allowed: ascending lists"
    ),
    (
      "CosinDecay", [:],
      "no schedule is called \"CosinDecay\"; did you mean CosineDecay? There are constant, ExponentialDecay, "
        + "InverseTimeDecay, PiecewiseConstantDecay, PolynomialDecay, CosineDecay, CosineDecayRestarts"
    ),
  ]

  @Test(arguments: mistakes.indices) func `mistakes are told`(index: Int) {
    let mistake = Self.mistakes[index]
    let error = #expect(throws: ConfigurationError.self) {
      try Schedule(named: mistake.name, parameters: mistake.parameters)
    }
    #expect(error.map { "\($0)" } == mistake.text)
  }
}
