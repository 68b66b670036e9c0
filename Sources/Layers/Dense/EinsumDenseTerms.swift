/// The terms of the equation of an ``EinsumDense``, without ellipses, and the lengths of its output's axes.
struct EinsumDenseTerms: Sendable {
  struct Mistake: Error { let reason: String }

  enum Ellipsis: Hashable, Sendable { case none, left, right }

  private let input: [Character]
  private let kernel: [Character]
  private let output: [Character]
  private let ellipsis: Ellipsis
  /// The lengths of the output's axes, by letter, without the batch.
  private let lengths: [Character: Int?]
  private let biasAxes: [Character]

  init(_ equation: String, _ outputShape: [Int?], _ biasAxes: String?) throws(Mistake) {
    let sides = Self.split(equation, "->")
    let operands = sides.first.map { Self.split($0, ",") } ?? []
    guard sides.count == 2, operands.count == 2,
      let (input, ellipsis) = Self.term(operands[0]), let (kernel, none) = Self.term(operands[1]),
      let (output, outputEllipsis) = Self.term(sides[1]), none == .none, outputEllipsis == ellipsis
    else {
      throw Mistake(reason: "it has none of the forms [X],[Y]->[Z], ...[X],[Y]->...[Z] and [X]...,[Y]->[Z]...")
    }
    (self.input, self.kernel, self.output, self.ellipsis) = (input, kernel, output, ellipsis)
    for term in [input, kernel, output] where Set(term).count != term.count {
      throw Mistake(reason: "an axis is named twice in \(String(term))")
    }
    if ellipsis != .left {
      guard input[0] == output[0], !kernel.contains(input[0]) else {
        throw Mistake(reason: "input and output begin with the batch axis, which the kernel does not have")
      }
    }
    let named = ellipsis == .left ? output : Array(output.dropFirst())
    guard named.count == outputShape.count, outputShape.allSatisfy({ ($0 ?? 1) > 0 }) else {
      let text = outputShape.map { $0.map(String.init) ?? "nil" }.joined(separator: ", ")
      throw Mistake(reason: "the output shape [\(text)] does not give the axes \(String(named)) lengths of at least 1")
    }
    lengths = Dictionary(uniqueKeysWithValues: zip(named, outputShape))
    for letter in named where lengths[letter]! == nil && !input.contains(letter) {
      throw Mistake(reason: "the length of the output's axis \(letter) is nil, but the input does not have the axis")
    }
    for letter in output where !input.contains(letter) && !kernel.contains(letter) {
      throw Mistake(reason: "neither input nor kernel have the output's axis \(letter)")
    }
    for letter in kernel where !input.contains(letter) && !output.contains(letter) {
      throw Mistake(reason: "neither input nor output have the kernel's axis \(letter)")
    }
    self.biasAxes = Array(biasAxes ?? "")
    for letter in self.biasAxes where !named.contains(letter) {
      throw Mistake(reason: "the bias axis \(letter) is none of the output's axes \(String(named))")
    }
    if biasAxes == "" { throw Mistake(reason: "the bias axes are empty") }
  }

  private static func split(_ text: String, _ separator: String) -> [String] {
    var parts: [String] = []
    var rest = text.filter { $0 != " " }[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }

  /// The letters and the position of the ellipsis; `nil` for anything else.
  private static func term(_ text: String) -> ([Character], Ellipsis)? {
    var (letters, ellipsis) = (text[...], Ellipsis.none)
    if letters.hasPrefix("...") {
      (letters, ellipsis) = (letters.dropFirst(3), .left)
    } else if letters.hasSuffix("...") {
      (letters, ellipsis) = (letters.dropLast(3), .right)
    }
    guard !letters.isEmpty, letters.allSatisfy({ $0.isASCII && $0.isLetter }) else { return nil }
    return (Array(letters), ellipsis)
  }
}

extension EinsumDenseTerms {
  struct Shapes {
    /// The shape of one output sample.
    var output: [Int]
    var kernel: [Int]
    var bias: [Int]
    /// The kernel's axes that are summed over, and the others.
    var kernelInputAxes: [Int]
    var kernelOutputAxes: [Int]
  }

  /// - Parameter inputShape: the shape of one sample.
  /// - Throws: ``LayerError/inputShape(layer:expected:found:)``
  func shapes(_ inputShape: [Int], layer: String) throws -> Shapes {
    let elided = inputShape.count + 1 - input.count
    let fits = ellipsis == .none ? elided == 0 : ellipsis == .left ? elided >= 1 : elided >= 0
    guard fits, elided <= freeLetters.count else {
      throw unexpectedShape("one with the axes \(inputDescription)", inputShape, layer)
    }
    // The batch has the length -1.
    let all = [-1] + inputShape
    let (elidedLengths, named) =
      ellipsis == .left ? (all.prefix(elided), all.dropFirst(elided)) : (all.suffix(elided), all.dropLast(elided))
    var lengths = Dictionary(uniqueKeysWithValues: zip(input, named))
    for (letter, length) in self.lengths {
      guard let length else { continue }
      if let known = lengths[letter], known != length {
        throw unexpectedShape("one of \(length) along the axis \(letter) of \(inputDescription)", inputShape, layer)
      }
      lengths[letter] = length
    }
    let outputLengths = output.map { lengths[$0]! }
    let full = ellipsis == .left ? Array(elidedLengths) + outputLengths : outputLengths + Array(elidedLengths)
    return Shapes(
      output: Array(full.dropFirst()), kernel: kernel.map { lengths[$0]! }, bias: biasShape(lengths, elided),
      kernelInputAxes: kernel.indices.filter { !output.contains(kernel[$0]) },
      kernelOutputAxes: kernel.indices.filter { output.contains(kernel[$0]) })
  }

  private func biasShape(_ lengths: [Character: Int], _ elided: Int) -> [Int] {
    guard let first = output.firstIndex(where: biasAxes.contains) else { return [] }
    let shape = output[first...].map { biasAxes.contains($0) ? lengths[$0]! : 1 }
    return ellipsis == .right ? shape + [Int](repeating: 1, count: elided) : shape
  }

  private var inputDescription: String {
    switch ellipsis {
    case .none: String(input)
    case .left: "..." + String(input)
    case .right: String(input) + "..."
    }
  }

  private func unexpectedShape(_ expected: String, _ inputShape: [Int], _ layer: String) -> LayerError {
    .inputShape(layer: layer, expected: expected, found: batchDescription(inputShape))
  }

  /// Letters for the axes of the ellipsis.
  private var freeLetters: String {
    let letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return letters.filter { !input.contains($0) && !kernel.contains($0) && !output.contains($0) }
  }

  /// Terms that name every axis.
  struct SpelledOut: Sendable {
    let input: String
    let kernel: String
    let output: String
  }

  /// - Parameter rank: the input's rank, including the batch axis.
  func spelledOut(rank: Int) -> SpelledOut {
    let elided = String(freeLetters.prefix(rank - input.count))
    let (inner, outer) = (String(input), String(output))
    return ellipsis == .left
      ? SpelledOut(input: elided + inner, kernel: String(kernel), output: elided + outer)
      : SpelledOut(input: inner + elided, kernel: String(kernel), output: outer + elided)
  }
}
