internal import Foundation

/// The first name that stands twice in an object of JSON that has been found sound: decoders take one of the values in silence.
/// - Complexity: O(*n*), with some 100 bytes of memory for a name.
func repeatedKey(inJSON json: [UInt8]) -> String? {
  /// The names of the objects around a place.
  var objects: [Set<ArraySlice<UInt8>>] = []
  var repeated: String?
  forEachPart(ofJSON: json) { part in
    switch part {
    case .begin: objects.append([])
    case .end: _ = objects.popLast()
    case .key(let text):
      guard !objects.isEmpty else { break }
      let key = text.contains(UInt8(ascii: "\\")) ? unescaped(text).map { ArraySlice($0.utf8) } ?? text : text
      if !objects[objects.count - 1].insert(key).inserted { repeated = String(decoding: key, as: UTF8.self) }
    }
    return repeated == nil
  }
  return repeated
}

/// The same JSON with names that are not plain ASCII written in hexadecimal digits: decoders compare names as strings of
/// Swift, to which some of different bytes are equal. ``textOfExactKey(_:)`` gives a name back.
func jsonWithExactKeys(_ json: [UInt8]) -> [UInt8] {
  var result: [UInt8] = []
  var copied = 0
  forEachPart(ofJSON: json) { part in
    guard case .key(let text) = part, text.contains(where: { $0 >= 0x80 || $0 == UInt8(ascii: "\\") }),
      let name = unescaped(text), name.utf8.contains(where: { $0 >= 0x80 }) || name.hasPrefix(exactKeyText)
    else { return true }
    result += json[copied..<text.startIndex]
    result += Array(exactKeyMark.utf8)
    for byte in name.utf8 { result += Array(String(UInt16(byte) + 0x100, radix: 16).utf8.dropFirst()) }
    copied = text.endIndex
    return true
  }
  return copied == 0 ? json : result + json[copied...]
}

/// The name that ``jsonWithExactKeys(_:)`` has written so.
func textOfExactKey(_ key: String) -> String {
  guard key.hasPrefix(exactKeyText) else { return key }
  let digits = Array(key.utf8.dropFirst(exactKeyText.utf8.count))
  let bytes = stride(from: 0, to: digits.count - 1, by: 2).map { place in
    UInt8(String(decoding: digits[place...place + 1], as: UTF8.self), radix: 16) ?? 0
  }
  return String(decoding: bytes, as: UTF8.self)
}

/// A control character, which stands in JSON with a backslash only: no name that is left as it is begins so.
private let (exactKeyMark, exactKeyText) = ("\\u0001", "\u{1}")

private enum JSONPart {
  /// Of an object.
  case begin, end
  /// A name in an object, without quotes, as it is written.
  case key(ArraySlice<UInt8>)
}

/// Goes through the objects of JSON and the names in them, while `body` wants more.
private func forEachPart(ofJSON json: [UInt8], _ body: (JSONPart) -> Bool) {
  var place = 0
  while place < json.count {
    let byte = json[place]
    place += 1
    switch byte {
    case UInt8(ascii: "{"):
      if !body(.begin) { return }
    case UInt8(ascii: "}"):
      if !body(.end) { return }
    case UInt8(ascii: "\""):
      let start = place
      while place < json.count, json[place] != UInt8(ascii: "\"") {
        place += json[place] == UInt8(ascii: "\\") ? 2 : 1
      }
      guard place < json.count else { return }
      let text = json[start..<place]
      place += 1
      while place < json.count, [0x20, 0x09, 0x0A, 0x0D].contains(json[place]) { place += 1 }
      guard place < json.count, json[place] == UInt8(ascii: ":") else { continue }
      if !body(.key(text)) { return }
    default: break
    }
  }
}

/// What a string of JSON stands for; nil for what is none.
private func unescaped(_ text: ArraySlice<UInt8>) -> String? {
  let quote = [UInt8(ascii: "\"")]
  return try? JSONDecoder().decode(String.self, from: Data(quote + text + quote))
}
