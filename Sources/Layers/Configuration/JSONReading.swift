public import Activations
internal import Foundation

extension Configuration {
  /// What a text in JSON says, as RFC 8259 has it, with the `NaN` and `Infinity` that Python writes.
  ///
  /// Of a key that an object has twice, one of the two counts. Objects and lists may lie in one another 512 deep.
  /// - Throws: ``ConfigurationError/notJSON(reason:)``, for what is not UTF-8 too.
  /// - Complexity: O(*n*); some 30 ns for a byte.
  public init(json bytes: [UInt8]) throws(ConfigurationError) {
    do {
      self.init(foundation: try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed))
    } catch {
      // Foundation's other reader knows these numbers, but is several times slower and stops the program at some bytes.
      guard let quoted = Self.quotingNonNumbers(bytes),
        let value = try? JSONSerialization.jsonObject(with: Data(quoted), options: .fragmentsAllowed)
      else { throw .notJSON(reason: reason(error)) }
      self = Configuration(foundation: value).unquotingNonNumbers
    }
  }

  /// What a text in JSON says.
  public init(json text: String) throws(ConfigurationError) { try self.init(json: Array(text.utf8)) }

  private static let nonNumbers: [(name: [UInt8], value: Double)] = [
    (Array("NaN".utf8), .nan), (Array("Infinity".utf8), .infinity), (Array("-Infinity".utf8), -.infinity),
  ]

  /// The text with the names that Python gives to such numbers as strings that begin with a zero character; `nil` where it
  /// has none.
  private static func quotingNonNumbers(_ bytes: [UInt8]) -> [UInt8]? {
    var result: [UInt8] = []
    var isString = false
    var isChanged = false
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if isString && byte == UInt8(ascii: "\\") && position + 1 < bytes.count {
        result += bytes[position...position + 1]
        position += 2
        continue
      }
      if byte == UInt8(ascii: "\"") { isString.toggle() }
      if !isString, "NI-".utf8.contains(byte),
        let (name, _) = nonNumbers.first(where: { bytes[position...].starts(with: $0.name) })
      {
        result += Array("\"\\u0000".utf8) + name + Array("\"".utf8)
        position += name.count
        // Where a key should stand, it stays what it is: no JSON.
        if bytes[position...].first(where: { $0 > 0x20 }) == UInt8(ascii: ":") { return nil }
        isChanged = true
        continue
      }
      result.append(byte)
      position += 1
    }
    return isChanged ? result : nil
  }

  private var unquotingNonNumbers: Configuration {
    switch self {
    case .string(let text) where text.utf8.first == 0:
      Self.nonNumbers.first { text.utf8.dropFirst().elementsEqual($0.name) }.map { .number($0.value) } ?? self
    case .list(let list): .list(list.map(\.unquotingNonNumbers))
    case .object(let object): .object(object.mapValues(\.unquotingNonNumbers))
    default: self
    }
  }

  /// Types are compared before anything is cast: a cast that fails takes a hundred times as long.
  private init(foundation value: Any) {
    let type = type(of: value)
    if type == String.self {
      self = .string(value as! String)
    } else if type == [String: Any].self {
      self = .object((value as! [String: Any]).mapValues(Configuration.init(foundation:)))
    } else if type == [Any].self {
      self = .list((value as! [Any]).map(Configuration.init(foundation:)))
    } else if let number = value as? NSNumber {
      self.init(number)
    } else {
      self = .null
    }
  }

  private init(_ number: NSNumber) {
    switch UInt8(bitPattern: number.objCType.pointee) {
    case UInt8(ascii: "c"), UInt8(ascii: "B"): self = .flag(number.boolValue)
    case UInt8(ascii: "d"), UInt8(ascii: "f"): self = .number(number.doubleValue)
    default: self = Int(exactly: number).map { .integer($0) } ?? .number(number.doubleValue)
    }
  }
}

private func reason(_ error: any Error) -> String {
  let details = (error as NSError).userInfo["NSDebugDescription"] as? String
  return details ?? "\(error)"
}
