import Foundation

/// SampleExtractor GROUP OUTPUT ROOT NAMES DOCUMENT…: writes the samples of these documents as one Swift source. NAMES are those
/// that several documents have, with slashes between them.
@main struct SampleExtractor {
  static func main() throws {
    let arguments = CommandLine.arguments
    let (group, output, root) = (arguments[1], arguments[2], arguments[3])
    let ambiguous = Set(arguments[4].split(separator: "/"))
    var samples: [Sample] = []
    var mistakes: [String] = []
    for path in arguments.dropFirst(5) {
      let isAmbiguous = ambiguous.contains(path[(path.lastIndex(of: "/") ?? path.startIndex)...].dropFirst())
      let document = Document(
        path: path, name: path.dropFirst(root.count + 1) + (isAmbiguous ? " of \(group)" : ""),
        text: try String(contentsOfFile: path, encoding: .utf8))
      samples += document.samples
      mistakes += document.mistakes
    }
    for mistake in mistakes { FileHandle.standardError.write(Data("error: \(mistake)\n".utf8)) }
    guard mistakes.isEmpty else { exit(1) }
    try source(group: group, root: root, samples).write(toFile: output, atomically: true, encoding: .utf8)
  }

  /// Every sample is a function of its own; the compiler's messages name the document.
  private static func source(group: String, root: String, _ samples: [Sample]) -> String {
    var source =
      "import Activations\nimport Foundation\nimport KerasFormat\nimport Layers\nimport ModelFiles\nimport Tensor\n\n"
    var table = ""
    for (index, sample) in samples.enumerated() {
      let code = lines(sample.given + sample.lines, of: sample, root: root)
      guard sample.use != .declarations else {
        source += code
        continue
      }
      let name = "sample\(index)Of\(group)"
      source += "extension Given {\n  mutating func \(name)() async throws {\n" + code
      source += sample.declaredNames.map { "_ = \($0)\n" }.joined()
      for claim in sample.claims {
        source += lines([Sample.Line(text: "try holds(\(claim.text))", number: claim.number)], of: sample, root: root)
      }
      source += "  }\n}\n\n"
      if sample.use == .run {
        table += "  Sample(place: \"\(sample.place)\") { try await $0.\(name)() },\n"
      }
    }
    return source + "let samplesOf\(group): [Sample] = [\n\(table)]\n"
  }

  private static func lines(_ lines: [Sample.Line], of sample: Sample, root: String) -> String {
    var text = ""
    var expected = 0
    for line in lines where !line.text.hasPrefix("import ") {
      if line.number != expected {
        text += "#sourceLocation(file: \"\(root)/\(sample.document)\", line: \(line.number))\n"
      }
      text += line.text + "\n"
      expected = line.number + 1
    }
    return text + "#sourceLocation()\n"
  }
}
