public import Testing

/// Expects that a process has ended with a message:
///
/// ```swift
/// let ended = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { … }
/// expectMessage("allowed are 0 to 3", of: ended)
/// ```
public func expectMessage(_ text: String, of ended: ExitTest.Result?, sourceLocation: SourceLocation = #_sourceLocation)
{
  guard let ended else { return }
  let said = String(decoding: ended.standardErrorContent, as: UTF8.self)
  #expect(said.contains(text), sourceLocation: sourceLocation)
}
