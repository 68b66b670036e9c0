import Foundation
public import Testing

/// A folder for the files of one test, gone when the test is over.
public struct TemporaryFolder: TestTrait, SuiteTrait, TestScoping {
  @TaskLocal fileprivate static var current: URL?

  public var isRecursive: Bool { true }

  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try await Self.$current.withValue(folder) { try await function() }
  }
}

extension Trait where Self == TemporaryFolder {
  /// The test may ask for ``temporaryFolder()`` and ``temporaryFile(_:)``.
  public static var temporaryFolder: Self { Self() }
}

/// The path of a new folder.
public func temporaryFolder() -> String {
  guard let current = TemporaryFolder.current else { fatalError("the test lacks the trait .temporaryFolder") }
  let folder = current.appending(path: UUID().uuidString)
  try! FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
  return folder.path
}

/// A path in a new folder.
public func temporaryFile(_ name: String) -> String { temporaryFolder() + "/" + name }
