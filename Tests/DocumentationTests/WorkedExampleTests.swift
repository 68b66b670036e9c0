import Foundation
import Testing

/// The activation that CONTRIBUTING.md adds as an example.
///
/// A whole build of the copy would take minutes, nearly all of them for what the example does not touch. So the C rows and the module
/// that it changes are checked by the compilers, beside the modules that the tests were built with.
@Suite struct WorkedExampleTests {
  @Test func `the example of adding an activation compiles, and touches five files`() throws {
    let copy = FileManager.default.temporaryDirectory.appending(path: "worked-example-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: copy) }
    for folder in ["Modules/CKernels", "Sources/Activations", "Scripts/reference"] {
      let target = copy.appending(path: folder)
      try FileManager.default.createDirectory(at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try FileManager.default.copyItem(at: root.appending(path: folder), to: target)
    }
    let text = try String(contentsOf: root.appending(path: "CONTRIBUTING.md"), encoding: .utf8)
    let changes = Self.changes(text)
    #expect(Set(changes.map(\.file)).count == 5)
    for change in changes {
      let file = copy.appending(path: change.file)
      let before = try String(contentsOf: file, encoding: .utf8)
      let places = before.ranges(of: change.old)
      let isFound = places.count == 1
      try #require(
        isFound,
        "CONTRIBUTING.md quotes lines that \(change.file) has \(places.count) times; change its example too:\n\(change.old)"
      )
      try before.replacingCharacters(in: places[0], with: change.new).write(to: file, atomically: true, encoding: .utf8)
    }

    let kernels = copy.appending(path: "Modules/CKernels").path
    try compile(["clang", "-fsyntax-only", "-I\(kernels)/include", "\(kernels)/instruction_sets/baseline.c"])
    try "module CKernels { umbrella header \"\(kernels)/include/CKernels.h\" export * }"
      .write(to: copy.appending(path: "module.modulemap"), atomically: true, encoding: .utf8)
    let maps = [copy, root.appending(path: "Modules/COpenBLAS"), root.appending(path: "Modules/CLAPACKE")]
    let sources = FileManager.default.enumerator(
      at: copy.appending(path: "Sources/Activations"), includingPropertiesForKeys: nil)!
    try compile(
      [
        "swiftc", "-typecheck", "-swift-version", "6", "-module-name", "Activations", "-package-name",
        root.lastPathComponent.lowercased(), "-I", Bundle.main.bundleURL.appending(path: "Modules").path,
        "-module-cache-path", copy.appending(path: "cache").path,
      ] + maps.flatMap { ["-Xcc", "-fmodule-map-file=\($0.path)/module.modulemap"] }
        + sources.compactMap { $0 as? URL }.map(\.path).filter { $0.hasSuffix(".swift") })
  }

  /// Lines that stand in a file, and what they become.
  private struct Change {
    let file: String
    var old = ""
    var new = ""
  }

  /// Of the blocks of differences: `+++` names a file, `@@` begins another place of it, a space keeps a line.
  private static func changes(_ text: String) -> [Change] {
    var changes: [Change] = []
    var isInside = false
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") { isInside = line == "```diff" }
      guard isInside, line != "```diff" else { continue }
      if line.hasPrefix("+++ ") {
        changes.append(Change(file: String(line.dropFirst(4))))
      } else if line == "@@" {
        changes.append(Change(file: changes[changes.count - 1].file))
      } else {
        let content = line.dropFirst() + "\n"
        if line.first != "+" { changes[changes.count - 1].old += content }
        if line.first != "-" { changes[changes.count - 1].new += content }
      }
    }
    return changes
  }

  private func compile(_ command: [String]) throws {
    let process = Process()
    let messages = Pipe()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = command
    process.standardError = messages
    try process.run()
    let text = String(decoding: try messages.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
    #expect(!text.contains("warning:"), "\(text)")
  }
}
