import Foundation

/// A sample that can be run, and where it stands.
struct Sample: Sendable {
  let place: String
  let body: @Sendable (inout Given) async throws -> Void

  init(place: String, _ body: @escaping @Sendable (inout Given) async throws -> Void) {
    self.place = place
    self.body = body
  }
}

/// A claim of a document that does not hold.
struct ClaimFails: Error {
  let line: UInt
}

/// Checks what a document says is true after a sample.
func holds(_ claim: Bool, line: UInt = #line) throws {
  if !claim { throw ClaimFails(line: line) }
}

/// Runs samples one by one in a new folder, in which the examples are, as they are in the package's. A process of a test does
/// this once; its errors go to the log of its parent process.
func run(_ samples: [Sample], _ group: String) async throws {
  dup2(open(log(group, process: getppid()).path, O_WRONLY | O_CREAT | O_TRUNC, 0o600), STDERR_FILENO)
  let files = FileManager.default
  let folder = files.temporaryDirectory.appending(path: UUID().uuidString)
  try files.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? files.removeItem(at: folder) }
  let examples = root.appending(path: "Examples")
  try files.createSymbolicLink(at: folder.appending(path: "Examples"), withDestinationURL: examples)
  precondition(files.changeCurrentDirectoryPath(folder.path))
  try Given().writeFiles()
  for sample in samples {
    var given = Given()
    write("\(sample.place)\n")
    do {
      try await sample.body(&given)
    } catch {
      write("\(error)\n")
      exit(1)
    }
  }
}

/// What a process that ran samples has written, and takes it away.
func takeLog(_ group: String) -> String {
  let log = log(group, process: getpid())
  defer { try? FileManager.default.removeItem(at: log) }
  return (try? String(contentsOf: log, encoding: .utf8)) ?? ""
}

private func log(_ group: String, process: Int32) -> URL {
  FileManager.default.temporaryDirectory.appending(path: "samples-\(process)-\(group)")
}

private func write(_ text: String) {
  FileHandle.standardError.write(Data(text.utf8))
}

/// The package's folder.
let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL
