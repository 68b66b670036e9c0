internal import Activations
internal import Tensor

// Sums of products of two or more tensors.

extension NamedOperation {
  static var products: [NamedOperation] {
    [
      NamedOperation("Matmul", .separate(2)) { try $0[0].product(with: $0[1]) },
      NamedOperation("Dot", .separate(2)) { operands in
        // Of constants of two axes or fewer, it is the same as the matrix product.
        guard let constant = operands.first(where: { !$0.hasBatch }), constant.shape.count <= 2 else {
          throw LayerError.inputShapes(
            layer: "Dot", expected: "a batch and a constant of at most two axes: the batch axis is not multiplied",
            found: operands.map(\.value.description))
        }
        return try operands[0].product(with: operands[1])
      },
    ]
  }

  /// A sum of products in index notation: `"bij,bjk->bik"`.
  package static func einsum(_ equation: ProductEquation) -> NamedOperation {
    NamedOperation(
      "Einsum", parameters: ["subscripts": .string(equation.text)], .separate(equation.terms.count)
    ) { operands in
      let (terms, result) = try equation.letters(operands)
      return try operands.contracted(terms, result)
    }
  }
}

/// An equation in index notation.
package struct ProductEquation: Sendable {
  let text: String
  /// The letters of the operands and of the result, with `.` for an ellipsis.
  let terms: [String]
  private let result: String

  /// Reads an equation; `nil` if it is not well formed.
  package init?(_ text: String) {
    self.text = text
    let compact = text.filter { $0 != " " }.replacing("...", with: ".")
    let sides = compact.split(separator: "->", omittingEmptySubsequences: false)
    terms = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let letters = terms.joined().filter { $0 != "." }
    let once = Set(letters).filter { letter in letters.count { $0 == letter } == 1 }.sorted()
    result = sides.count == 2 ? String(sides[1]) : (compact.contains(".") ? "." : "") + String(once)
    let all = terms + [result]
    guard sides.count <= 2, all.joined().allSatisfy({ ($0.isASCII && $0.isLetter) || $0 == "." }),
      all.allSatisfy({ term in term.count { $0 == "." } <= 1 && Set(term).count == term.count }),
      Set(result).isSubset(of: terms.joined()), terms.count <= 8, !terms.contains("")
    else { return nil }
  }

  /// The letters for operands of these shapes, with letters for the axes of ellipses.
  fileprivate func letters<Scalar>(
    _ operands: [Traced<Scalar>]
  ) throws -> (terms: [[Character]], result: [Character]) {
    let taken = Set(terms.joined())
    let free = (0..<Tensor<Scalar>.maximumRank * 2).map { Character(UnicodeScalar(0x391 + UInt32($0))!) }
    var longest = 0
    let lettered = try zip(terms, operands).map { term, operand -> [Character] in
      let rank = operand.shape.count + (operand.hasBatch ? 1 : 0)
      let count = rank - term.count { $0 != "." }
      guard count == 0 || (count > 0 && taken.contains(".") && term.contains(".")) else {
        throw operands.mistake("shapes that fit \"\(text)\"")
      }
      longest = max(longest, count)
      return term.flatMap { $0 == "." ? free[..<count].reversed() : [$0] }
    }
    return (lettered, result.flatMap { $0 == "." ? free[..<longest].reversed() : [$0] })
  }
}

extension Traced {
  /// The matrix product as in NumPy.
  fileprivate func product(with other: Traced) throws -> Traced {
    let both = [self, other]
    let ranks = both.map { $0.shape.count + ($0.hasBatch ? 1 : 0) }
    let longest = Swift.max(ranks[0], ranks[1])
    guard ranks[0] > 0, ranks[1] > 0, longest <= 24 else { throw both.mistake("tensors of one axis or more") }
    let outer = (0..<longest).map { Character(UnicodeScalar(0x41 + UInt32($0))!) }
    // The last axes are rows, summed elements and columns; those before are of both.
    let first = Array(outer.suffix(Swift.max(0, ranks[0] - 2))) + (ranks[0] > 1 ? ["r", "s"] : ["s"])
    let second = Array(outer.suffix(Swift.max(0, ranks[1] - 2))) + (ranks[1] > 1 ? ["s", "c"] : ["s"])
    let result =
      Array(outer.suffix(Swift.max(0, longest - 2))) + (ranks[0] > 1 ? ["r"] : []) + (ranks[1] > 1 ? ["c"] : [])
    return try both.contracted([first, second], result)
  }
}

extension Array {
  fileprivate func mistake<Scalar>(_ expected: String) -> LayerError where Element == Traced<Scalar> {
    .inputShapes(
      layer: self[0].value.recorder.site.className, expected: expected, found: map(\.value.description))
  }

  /// The sum of products of all tensors by their letters. The batch axis is the first of all that have it, and of the
  /// result.
  fileprivate func contracted<Scalar>(
    _ terms: [[Character]], _ result: [Character]
  ) throws -> Traced<Scalar> where Element == Traced<Scalar> {
    let batches = zip(self, terms).map { $0.hasBatch ? $1.first : nil }
    guard let batch = batches.compactMap(\.self).first, result.first == batch,
      zip(zip(self, terms), batches).allSatisfy({ pair, own in
        pair.0.hasBatch ? own == batch : !pair.1.contains(batch)
      })
    else { throw mistake("a result with the batch axis first, which is the same of all batches") }
    let labels = Set(terms.joined()).union(["\u{3C9}"]).sorted()
    let names = Dictionary(uniqueKeysWithValues: zip(labels, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    guard names.count == labels.count else { throw mistake("tensors of fewer axes") }
    var lengths: [Character: Int] = [:]
    for (operand, term) in zip(self, terms) {
      for (letter, length) in zip(term.suffix(operand.shape.count), operand.shape) {
        let known = lengths[letter] ?? 1
        guard known == length || known == 1 || length == 1 else {
          throw mistake("one length of every axis that tensors share")
        }
        lengths[letter] = Swift.max(known, length)
      }
    }
    // An axis of length 1 that others have longer is left out. Batches come first, so that all products have the batch axis.
    var parts: [(x: Traced<Scalar>, letters: [Character])] = []
    for (operand, term) in zip(self, terms) {
      let own = zip(term.suffix(operand.shape.count), operand.shape)
      let kept = own.filter { lengths[$0] == $1 }
      let part = (try operand.reshapedAlone(kept.map(\.1)), (operand.hasBatch ? [batch] : []) + kept.map(\.0))
      parts.insert(part, at: operand.hasBatch ? 0 : parts.count)
    }
    // A factor of 1 beside a single tensor.
    if parts.count == 1 { parts.append((self[0].value.recorder.constant(.ones([1])), ["\u{3C9}"])) }
    while parts.count > 1 {
      let (first, second) = (parts[0], parts[1])
      parts.removeFirst(2)
      let needed = Set(result + parts.flatMap(\.letters))
      let all = (first.letters + second.letters).filter(needed.contains)
      let letters = parts.isEmpty ? result : all.enumerated().filter { all.firstIndex(of: $1) == $0 }.map(\.element)
      let operation = EinsumOperation<Scalar>(
        first: names.text(first.letters), second: names.text(second.letters), result: names.text(letters))
      parts.insert((try first.x.applying(operation, second.x), letters), at: 0)
    }
    return parts[0].x
  }
}

extension [Character: Character] {
  fileprivate func text(_ letters: [Character]) -> String { String(letters.map { self[$0]! }) }
}

extension Traced {
  /// Another shape of samples, or of a constant.
  fileprivate func reshapedAlone(_ shape: [Int]) throws -> Traced {
    guard case .constant(let number) = value.slot else { return try reshaped(shape) }
    return value.recorder.constant(value.recorder.constants[number].reshaped(shape))
  }
}
