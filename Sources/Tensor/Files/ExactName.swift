/// A name as files know it: by its bytes. Swift's strings are equal where they look alike, "é" of one character and of two; in
/// files, and in Keras, these are two names.
package struct ExactName: Hashable, Sendable {
  package let text: String

  package init(_ text: some StringProtocol) { self.text = String(text) }

  package static func == (first: Self, second: Self) -> Bool { first.text.isExactly(second.text) }

  package func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

extension StringProtocol {
  /// Whether the bytes are the same.
  package func isExactly(_ other: some StringProtocol) -> Bool { utf8.elementsEqual(other.utf8) }
}
