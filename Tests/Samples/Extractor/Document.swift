/// A document's samples. In Markdown and in doc comments they stand between "```swift" and "```"; comments before them that
/// readers do not see say what else there is to know:
///
///     <!-- sample: compiled -->                     how it is used
///     <!-- samples: continued -->                   the same for all that follow in the document
///     <!-- given: let x = Tensor<Float>(3) -->      code that stands before it
///     <!-- holds: x.count == 1 -->                  after it: what is true then
struct Document {
  /// What the document is called where samples are named.
  private let name: String
  private var usual = Sample.Use.run
  private var next: Sample
  private var isInside = false
  private(set) var samples: [Sample] = []
  private(set) var mistakes: [String] = []

  init(path: String, name: String, text: String) {
    self.name = name
    next = Sample(document: name, use: .run)
    let isSource = path.hasSuffix(".swift")
    for (index, text) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      guard let line = isSource ? Self.comment(text) : text else {
        if isInside { mistakes.append("\(name):\(index + 1): a sample has no end") }
        isInside = false
        continue
      }
      read(Sample.Line(text: line, number: index + 1))
    }
    if isInside { mistakes.append("\(name): the last sample has no end") }
  }

  /// What a line of a doc comment says.
  private static func comment(_ line: Substring) -> Substring? {
    line.prefixMatch(of: /\s*\/\/\/ ?(.*)/)?.1
  }

  private mutating func read(_ line: Sample.Line) {
    if isInside {
      if line.text == "```" { end() } else { next.lines.append(line) }
    } else if line.text == "```swift" {
      isInside = true
    } else if let note = line.text.wholeMatch(of: /<!-- (sample|samples|given|holds): (.*) -->/) {
      read(note: note.1, Sample.Line(text: note.2, number: line.number))
    }
  }

  private mutating func read(note: Substring, _ line: Sample.Line) {
    switch note {
    case "given":
      next.given.append(line)
    case "holds" where !samples.isEmpty:
      samples[samples.count - 1].claims.append(line)
    case "sample", "samples":
      guard let use = Sample.Use(rawValue: String(line.text)) else { fallthrough }
      next.use = use
      if note == "samples" { usual = use }
    default:
      mistakes.append("\(name):\(line.number): a note that is not understood")
    }
  }

  private mutating func end() {
    isInside = false
    if next.use == .continued, let last = samples.last, last.use == .run || last.use == .compiled {
      samples[samples.count - 1].lines += next.given + next.lines
    } else if next.use != .skipped {
      if next.use == .continued { next.use = .run }
      samples.append(next)
    }
    next = Sample(document: name, use: usual)
  }
}
