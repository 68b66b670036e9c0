import Activations
import Tensor

extension Configuration {
  /// This value with one of those in it changed.
  package func changed(using generator: inout PhiloxGenerator) -> Configuration {
    var values: [Configuration] = []
    collect(&values)
    var place = Int(generator.next() % UInt64(values.count))
    let replacement = Self.hostile(values, &generator)
    return replacing(&place, with: replacement)
  }

  private func collect(_ values: inout [Configuration]) {
    values.append(self)
    switch self {
    case .list(let list): for value in list { value.collect(&values) }
    case .object(let object): for key in object.keys.sorted() { object[key]!.collect(&values) }
    default: break
    }
  }

  /// Something else: a number at the end of a range, an empty value, another part of the same text.
  private static func hostile(_ values: [Configuration], _ generator: inout PhiloxGenerator) -> Configuration {
    let constants: [Configuration] = [
      nil, true, false, 0, 1, -1, 2, 3, .integer(.max), .integer(.min), .integer(1 << 31), .integer(1 << 62),
      .integer(1 << 20), 0.5, 3e38, 1e300, -1e300, -1e-300, .number(.nan), .number(.infinity), "", "relu", "softmax",
      "Dense", "\u{0}", "a/b", [], [:], [nil],
      [nil, 4], [0, 0], ["class_name": "Dense", "config": [:]],
    ]
    let choice = Int(generator.next() % UInt64(constants.count + values.count))
    return choice < constants.count ? constants[choice] : values[choice - constants.count]
  }

  /// - Parameter place: which of the values, in the order of `collect`; below 0 afterwards.
  private func replacing(_ place: inout Int, with value: Configuration) -> Configuration {
    if place < 0 { return self }
    place -= 1
    if place < 0 { return value }
    switch self {
    case .list(let list): return .list(list.map { $0.replacing(&place, with: value) })
    case .object(var object):
      for key in object.keys.sorted() { object[key] = object[key]!.replacing(&place, with: value) }
      return .object(object)
    default: return self
    }
  }
}
