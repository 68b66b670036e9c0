import ArgumentParser
import Foundation
import Testing

@testable import ActivationsTool

/// The commands of the tool that documents show are commands of the tool.
@Suite struct CommandTests {
  struct Command: CustomTestStringConvertible {
    let place: String
    let arguments: [String]
    var testDescription: String { place + ": " + arguments.joined(separator: " ") }
  }

  @Test(arguments: try commands()) func `a command of the documentation is understood`(_ command: Command) throws {
    #expect(throws: Never.self) {
      let parsed = try Tool.parseAsRoot(command.arguments)
      try (parsed as? Verify)?.requireKnown()
      if let bench = parsed as? Bench, ![bench.tensor, bench.dense, bench.layers, bench.files].contains(true) {
        _ = try bench.cases()
      }
    }
  }

  /// Lines of code that begin with the tool's name, without comments and redirections.
  private static func commands() throws -> [Command] {
    let files = FileManager.default.enumerator(at: root, includingPropertiesForKeys: nil)
    let documents = files!.compactMap { $0 as? URL }.filter {
      $0.pathExtension == "md" && !$0.path.contains("/.build/")
    }
    return try documents.sorted { $0.path < $1.path }.flatMap { document in
      let text = try String(contentsOf: document, encoding: .utf8)
      var commands: [Command] = []
      var isInside = false
      for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
        if line.hasPrefix("```") { isInside = line == "```sh" }
        guard isInside || line.hasPrefix("    "), let arguments = arguments(String(line)) else { continue }
        commands.append(Command(place: "\(document.lastPathComponent):\(index + 1)", arguments: arguments))
      }
      return commands
    }
  }

  private static func arguments(_ line: String) -> [String]? {
    let words = line.prefix { $0 != "#" }.split(separator: " ").map(String.init)
    let starts = [["activations"], ["swift", "run", "-c", "release", "activations"]]
    guard let start = starts.first(where: { words.starts(with: $0) }) else { return nil }
    return Array(words.dropFirst(start.count).prefix { ![">", "<", "|"].contains($0) })
  }
}
