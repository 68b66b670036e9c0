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
      // Foundation reads these numbers in its other reader alone, which is several times slower.
      guard ["NaN", "Infinity"].contains(where: { Data(bytes).range(of: Data($0.utf8)) != nil }),
        let value = Self.withNaN(bytes)
      else {
        throw .notJSON(reason: reason(error))
      }
      self = value
    }
  }

  /// What a text in JSON says.
  public init(json text: String) throws(ConfigurationError) { try self.init(json: Array(text.utf8)) }

  private static func withNaN(_ bytes: [UInt8]) -> Configuration? {
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    return try? decoder.decode(Configuration.self, from: Data(bytes))
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
