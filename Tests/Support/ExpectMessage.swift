public import Testing

/// What exit tests are to observe for ``expectMessage(_:of:sourceLocation:)``.
public let standardError: [any PartialKeyPath<ExitTest.Result> & Sendable] = [\.standardErrorContent]

/// Expects that a process has ended with a message.
///
/// ```swift
/// await expectMessage("allowed: 0 to 3", of: #expect(processExitsWith: .failure, observing: standardError) { … })
/// ```
public func expectMessage(
  _ text: String, of ended: ExitTest.Result?, sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let ended else { return }  // the process did not fail, which #expect has said
  let said = String(decoding: ended.standardErrorContent, as: UTF8.self)
  #expect(said.contains(text), sourceLocation: sourceLocation)
}
