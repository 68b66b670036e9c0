import Foundation
import Tensor
import TestSupport
import Testing

@testable import Activations
@testable import ActivationsTool

@Suite(.temporaryFolder) struct VerifyTests {
  @Test func `errors are in units of the spacing at the exact result`() {
    var tally = Tally()
    tally.add(inputs: [0, 1], exact: [1.5, 1.5 + 0x1p-25], computed: [Float(1.5).nextUp, 1.5])
    #expect(tally.largestError == 1)
    #expect(tally.notCorrectlyRounded == 1)
    #expect(tally.worst == Sample(input: 0, exact: 1.5, computed: Double(Float(1.5).nextUp)))

    var subnormal = Tally()
    subnormal.add(inputs: [0], exact: [0x1.8p-149], computed: [0])
    #expect(subnormal.largestError == 1.5)

    var power = Tally()
    power.add(inputs: [0], exact: [2], computed: [Float(2).nextDown])
    #expect(power.largestError == 0.5)
  }

  @Test(arguments: [
    (exact: Double.nan, computed: Float(1), Tally.Rule.keepsNaN),
    (1, .nan, .makesNoNaN),
    (0x1p128, .greatestFiniteMagnitude, .overflows),
    (-0x1p128, .infinity, .overflows),
    (Double(Float.greatestFiniteMagnitude), .infinity, .overflowsOnlyThen),
    (-1e-60, 0, .underflowsWithSign),
  ])
  func `rules beyond the error are kept or named`(exact: Double, computed: Float, rule: Tally.Rule) {
    var tally = Tally()
    tally.add(inputs: [3], exact: [exact], computed: [computed])
    #expect(Array(tally.broken.keys) == [rule])
    #expect(!tally.isWithin(1))
  }

  @Test func `what may be is not a broken rule`() {
    var tally = Tally()
    tally.add(
      inputs: [1, 2, 3, 4, 5], exact: [.nan, 0x1p128, -.infinity, 0, -1e-60],
      computed: [.nan, .infinity, -.infinity, -0.0, -0.0])
    #expect(tally.isWithin(0.5))
    #expect(tally.results == 5)
  }

  @Test func `near the root of a slope errors are measured against the slopes nearby`() {
    var tally = Tally()
    tally.add(inputs: [-1.25], exact: [0], computed: [0x1p-31], direction: .slope, root: -1.278)
    #expect(tally.largestError == 1)
    tally.add(inputs: [5], exact: [0], computed: [0x1p-31], direction: .slope, root: -1.278)
    #expect(tally.largestError > 1e30)
  }

  @Test func `every input is swept once, special ones besides`() {
    let every = SweepInputs(every: 1 << 24, kinks: [0.75])
    let inputs = (0..<every.blocks).flatMap(every.block)
    #expect(inputs.count == every.count)
    #expect(inputs.prefix(256).map(\.bitPattern) == (0..<256).map { UInt32($0) << 24 })
    let bits = Set(inputs.map(\.bitPattern))
    for special: Float in [0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.75] {
      #expect(bits.contains(special.bitPattern), "\(special)")
    }
    let all = SweepInputs(every: 1, kinks: [])
    #expect(all.count == 1 << 32)
    #expect(all.block(all.blocks - 1).last!.bitPattern == .max)
  }

  @Test func `the tally of a sweep does not depend on how it is divided`() throws {
    let leaky = try #require(Variant.all.first { $0.title == "leaky_relu(negative_slope: 0.3)" })
    let sweep = Sweep(leaky, .value, every: 65_537, kernels: Kernels.supported)
    let first = sweep.run()
    #expect(sweep.run() == first)
    for tally in first {
      #expect(tally.results == sweep.inputs.count)
      #expect(tally.isWithin(0.5))
    }
  }

  @Test func `finished checks are kept for the same build of the tool`() throws {
    let folder = temporaryFile("state")
    var tally = Tally()
    tally.add(inputs: [1, .nan, 2], exact: [1, .nan, .infinity], computed: [1.5, 2, .nan])
    try SweepState(folder: folder).save("relu value", ["avx2", "baseline"], [tally, Tally()])
    let state = try SweepState(folder: folder)
    #expect(state.tallies("relu value", ["baseline", "avx2"]) == [Tally(), tally])
    #expect(state.tallies("relu value", ["avx512", "avx2"]) == nil)
    #expect(state.tallies("relu slope", ["avx2"]) == nil)
  }

  @Test func `errors in Double count what rounding took from the exact result`() {
    var tally = Tally()
    tally.add(inputs: [0, 0], exact: [1, 1], rests: [127, -63], computed: [1, 1.ulp + 1])
    #expect(abs(tally.largestError - 1.248) < 1e-3)
    #expect(tally.notCorrectlyRounded == 1)
    #expect(tally.broken.isEmpty)
  }

  @Test(arguments: Variant.all.indices)
  func `references agree with mpmath, and Double is checked with every parameter`(index: Int) throws {
    let variant = Variant.all[index]
    let fixture = try DoubleFixture()
    let reference = variant.reference(for: .double)
    let columns = try [Direction.value, .slope].map { try fixture.columns(variant, $0) }
    let root = reference.slopeRoot ?? .infinity
    for (column, compute) in zip(columns, [reference.value, reference.slope]) {
      for (x, exact) in zip(column.inputs.scalars, column.exact) where Float(x).isFinite || x.isInfinite {
        let computed = compute(x)
        let tolerance = max(abs(exact) * 1e-12, abs(x - root) < 0.25 ? 1e-15 : .leastNormalMagnitude)
        let agrees = abs(computed - exact) <= tolerance || computed == exact
        #expect(agrees, "\(variant.title) at \(x): \(computed) instead of \(exact)")
      }
    }
  }

  @Test func `an activation without exact Doubles is named`() throws {
    let unknown = ElementwiseDefinition(
      "quick_gelu", formula: Formula("x sigmoid(1.702 x)", slope: "", errors: .smooth),
      reference: { _ in Reference(value: { $0 }, slope: { _ in 1 }) }, kernel: { _ in nil })
    let failure = #expect(throws: Failure.self) {
      try DoubleFixture().check(unknown.variants[0], .value, kernels: Kernels.supported)
    }
    #expect(
      failure?.description
        == "no exact Doubles for quick_gelu: run make_double_fixture.py and build again (CONTRIBUTING.md)")
  }

  @Test func `an activation without error passes, one with errors is named`() throws {
    try Verify.parse(["leaky_relu", "--gradient", "--double", "--every", "1000003", "--markdown"]).run()
    let relu = try #require(Variant.all.first { $0.title == "relu" })
    let finding = Finding(
      check: .sweep(relu, .value, every: 1 << 24, kernels: []),
      tallies: [
        ("avx2", tally(exact: 1, computed: 1 + 4 * Float(1).ulp)), ("baseline", tally(exact: 1, computed: 1)),
      ])
    #expect(!finding.isKept)
    #expect(finding.lines.count == 2)
    #expect(finding.lines[0].hasSuffix("at 3.0 (0x40400000): exact 1.0, computed 1.0000005  BEYOND 1"))
    var table = AccuracyTable()
    table.add(finding)
    #expect(table.markdown.hasSuffix("| relu | 4.000 (50%) |"))
  }

  private func tally(exact: Double, computed: Float) -> Tally {
    var tally = Tally()
    tally.add(inputs: [3], exact: [exact], computed: [computed])
    return tally
  }
}
