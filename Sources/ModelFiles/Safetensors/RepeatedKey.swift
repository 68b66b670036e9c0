internal import Foundation

/// The first name that stands twice in an object of JSON that has been found sound: decoders take one of the values in silence.
/// - Complexity: O(*n*), with some 100 bytes of memory for a name.
func repeatedKey(inJSON json: [UInt8]) -> String? {
  /// The names of the objects around a place.
  var objects: [Set<ArraySlice<UInt8>>] = []
  var place = 0
  while place < json.count {
    let byte = json[place]
    place += 1
    switch byte {
    case UInt8(ascii: "{"): objects.append([])
    case UInt8(ascii: "}"): _ = objects.popLast()
    case UInt8(ascii: "\""):
      let start = place
      var hasEscapes = false
      while place < json.count, json[place] != UInt8(ascii: "\"") {
        let isEscape = json[place] == UInt8(ascii: "\\")
        hasEscapes = hasEscapes || isEscape
        place += isEscape ? 2 : 1
      }
      guard place < json.count else { return nil }
      let text = json[start..<place]
      place += 1
      while place < json.count, [0x20, 0x09, 0x0A, 0x0D].contains(json[place]) { place += 1 }
      guard place < json.count, json[place] == UInt8(ascii: ":"), !objects.isEmpty else { continue }
      let key = hasEscapes ? ArraySlice(unescaped(text).utf8) : text
      if !objects[objects.count - 1].insert(key).inserted { return String(decoding: key, as: UTF8.self) }
    default: break
    }
  }
  return nil
}

/// What a string of JSON stands for.
private func unescaped(_ text: ArraySlice<UInt8>) -> String {
  let quote = [UInt8(ascii: "\"")]
  let string = try? JSONDecoder().decode(String.self, from: Data(quote + text + quote))
  return string ?? String(decoding: text, as: UTF8.self)
}
