internal import Tensor

extension Sequence<String> {
  /// Numbers in names are compared as numbers: vars/2 comes before vars/10.
  func sortedNaturally() -> [String] {
    map { (key: NaturalKey($0), name: $0) }.sorted { $0.key < $1.key }.map(\.name)
  }
}

private struct NaturalKey: Comparable {
  private struct Part: Comparable {
    let text: Substring
    let number: Int

    static func < (left: Part, right: Part) -> Bool {
      left.text == right.text ? left.number < right.number : left.text < right.text
    }
  }

  private let parts: [Part]

  init(_ name: String) {
    parts = name.parts(between: "/").map { part in
      let digits = part.utf8.reversed().prefix { UInt8(ascii: "0") <= $0 && $0 <= UInt8(ascii: "9") }.count
      return Part(text: part.dropLast(digits), number: Int(part.suffix(digits)) ?? -1)
    }
  }

  static func < (left: NaturalKey, right: NaturalKey) -> Bool {
    left.parts.lexicographicallyPrecedes(right.parts)
  }
}
