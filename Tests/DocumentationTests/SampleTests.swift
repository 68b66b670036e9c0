import Foundation
import Testing

/// The samples are compiled with this target; here they run, those of a module in a process of their own.
@Suite struct SampleTests {
  @Test func `the samples of the README and the guides run`() async {
    expectSuccess(
      await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) { try await run(samplesOfGuide) })
  }

  @Test func `the samples of Tensor run`() async {
    expectSuccess(
      await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) { try await run(samplesOfTensor) })
  }

  @Test func `the samples of Activations run`() async {
    expectSuccess(
      await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
        try await run(samplesOfActivations)
      })
  }

  @Test func `the samples of Layers run`() async {
    expectSuccess(
      await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) { try await run(samplesOfLayers) })
  }

  @Test func `the samples of ModelFiles run`() async {
    expectSuccess(
      await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
        try await run(samplesOfModelFiles)
      })
  }

  @Test func `the samples of the tool run`() async {
    expectSuccess(
      await #expect(processExitsWith: .success, observing: [\.standardErrorContent]) {
        try await run(samplesOfActivationsTool)
      })
  }

  /// Says which sample was the last to run.
  private func expectSuccess(_ result: ExitTest.Result?) {
    guard let result, result.exitStatus != .exitCode(0) else { return }
    let output = String(decoding: result.standardErrorContent, as: UTF8.self).suffix(2000)
    Issue.record("\(output)")
  }
}
