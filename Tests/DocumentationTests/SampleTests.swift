import Testing

/// The samples are compiled with this target; here they run, those of a module in a process of their own.
@Suite struct SampleTests {
  @Test func `the samples of the README and the guides run`() async {
    let result = await #expect(processExitsWith: .success) { try await run(samplesOfGuide, "Guide") }
    explain(result, takeLog("Guide"))
  }

  @Test func `the samples of Tensor run`() async {
    let result = await #expect(processExitsWith: .success) { try await run(samplesOfTensor, "Tensor") }
    explain(result, takeLog("Tensor"))
  }

  @Test func `the samples of Activations run`() async {
    let result = await #expect(processExitsWith: .success) { try await run(samplesOfActivations, "Activations") }
    explain(result, takeLog("Activations"))
  }

  @Test func `the samples of Layers run`() async {
    let result = await #expect(processExitsWith: .success) { try await run(samplesOfLayers, "Layers") }
    explain(result, takeLog("Layers"))
  }

  @Test func `the samples of ModelFiles run`() async {
    let result = await #expect(processExitsWith: .success) { try await run(samplesOfModelFiles, "ModelFiles") }
    explain(result, takeLog("ModelFiles"))
  }

  @Test func `the samples of the tool run`() async {
    let result = await #expect(processExitsWith: .success) {
      try await run(samplesOfActivationsTool, "ActivationsTool")
    }
    explain(result, takeLog("ActivationsTool"))
  }

  /// The log names the sample that failed last.
  private func explain(_ result: ExitTest.Result?, _ log: String) {
    if result == nil { Issue.record("\(log.suffix(2000))") }
  }
}
