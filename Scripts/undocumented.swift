// swift undocumented.swift GRAPHS CATALOGS: the public symbols of symbol graphs without a doc comment, those whose comment lists
// parameters in another order than the declaration, and those at the top of a module that no page of its catalog
// (CATALOGS/Module/Module.docc) lists. Fails where there are any.
import Foundation

struct Graph: Decodable {
  struct Symbol: Decodable {
    struct Identifier: Decodable { let precise: String }
    struct Comment: Decodable {
      struct Line: Decodable { let text: String }
      let lines: [Line]
    }
    struct Signature: Decodable {
      struct Parameter: Decodable {
        let name: String
        let internalName: String?
      }
      let parameters: [Parameter]?
    }
    struct Location: Decodable {
      struct Position: Decodable { let line: Int }
      let uri: String
      let position: Position
    }
    struct Availability: Decodable { let isUnconditionallyUnavailable, isUnconditionallyDeprecated: Bool? }
    struct Kind: Decodable { let identifier: String }
    let identifier: Identifier
    let kind: Kind
    let pathComponents: [String]
    let docComment: Comment?
    let functionSignature: Signature?
    let availability: [Availability]?
    let location: Location?
  }
  struct Module: Decodable { let name: String }
  let module: Module
  let symbols: [Symbol]
}

func files(in folder: String, _ suffix: String) -> [URL] {
  let all = FileManager.default.enumerator(at: URL(filePath: folder), includingPropertiesForKeys: nil)
  return (all?.compactMap { $0 as? URL } ?? []).filter { $0.path.hasSuffix(suffix) }
}

/// The parameters that a comment describes: in lines `- Parameter x: …`, or `- x: …` below `- Parameters:`.
func described(_ comment: Graph.Symbol.Comment) -> [Substring] {
  comment.lines.compactMap { line in
    (line.text.firstMatch(of: #/^- [Pp]arameter `?(\w+)`?:/#) ?? line.text.firstMatch(of: #/^ +- `?(\w+)`?:/#))?.output
      .1
  }
}

let (graphs, catalogs) = (CommandLine.arguments[1], CommandLine.arguments[2])
var missing: Set<String> = []
for file in files(in: graphs, ".symbols.json") {
  let graph = try JSONDecoder().decode(Graph.self, from: Data(contentsOf: file))
  let module = graph.module.name
  let pages = try files(in: "\(catalogs)/\(module)/\(module).docc", ".md")
    .map { try String(contentsOf: $0, encoding: .utf8) }
  guard !pages.isEmpty else { continue }
  for symbol in graph.symbols where !symbol.identifier.precise.contains("::SYNTHESIZED::") {
    guard let location = symbol.location, symbol.kind.identifier != "swift.extension" else { continue }
    // Former names and mistakes say themselves what to write.
    let isWithdrawn = symbol.availability?.contains {
      $0.isUnconditionallyUnavailable == true || $0.isUnconditionallyDeprecated == true
    }
    if isWithdrawn == true { continue }
    let path = symbol.pathComponents.joined(separator: ".")
    let place = "\(location.uri.dropFirst("file://".count)):\(location.position.line + 1): \(path)"
    if symbol.docComment == nil { missing.insert("\(place) has no documentation") }
    if let comment = symbol.docComment, let declared = symbol.functionSignature?.parameters {
      let places = described(comment).compactMap { name in
        declared.firstIndex { ($0.internalName ?? $0.name) == name }
      }
      if places != places.sorted() { missing.insert("\(place) lists its parameters in another order") }
    }
    let isListed = pages.contains { $0.contains("``\(path)") || $0.contains("``\(module)/\(path)``") }
    let isOwn = !file.lastPathComponent.contains("@")
    if isOwn && symbol.pathComponents.count == 1 && !isListed { missing.insert("\(place) is in no group of topics") }
  }
}
for line in missing.sorted() { print(line) }
exit(missing.isEmpty ? 0 : 1)
