import Foundation
import Tensor
import Testing

@testable import ActivationsTool

@Suite struct VerifyTests {
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

  @Test func `the tally of a sweep does not depend on how it is divided`() {
    let relu = Subject.all.first { $0.name == "leaky_relu" }!
    let sweep = Sweep(relu, [0.37], .value, every: 65_537, kernels: Kernels.supported)
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
}
