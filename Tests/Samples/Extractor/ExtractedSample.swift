/// A piece of Swift in a document.
struct Sample {
  enum Use: String {
    /// A function body that is compiled and run.
    case run
    /// A function body that is compiled only.
    case compiled
    /// Declarations at file scope, compiled.
    case declarations
    /// Goes on with the sample before it in the document.
    case continued
    /// Not Swift by itself.
    case skipped
  }

  /// A line as it stands in a document.
  struct Line {
    var text: Substring
    /// Counted from 1.
    var number: Int
  }

  /// The document's path from the root of the package, and its module where that is needed to tell documents apart.
  var document: String
  var use: Use
  /// Code that the document does not show.
  var given: [Line] = []
  var lines: [Line] = []
  /// What is true afterwards.
  var claims: [Line] = []

  var place: String { "\(document):\(lines.first?.number ?? 0)" }
}

extension Sample {
  /// The names that a body declares at its outermost level.
  var declaredNames: [Substring] {
    (given + lines).flatMap { line -> [Substring] in
      guard let match = line.text.prefixMatch(of: /(?:let|var) (?:\(([^)]*)\)|(\w+))/) else { return [] }
      let names = match.1.map { $0.split(separator: ",") } ?? match.2.map { [$0] } ?? []
      return names.map { $0.drop { $0 == " " } }.filter { $0 != "_" }
    }
  }
}
