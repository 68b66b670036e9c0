internal import Tensor

/// Named results in order: the loss, then metrics, then those of the validation data as `val_loss` and so on.
public struct Logs: Hashable, Sendable {
  /// The names, in the order in which they were added.
  public private(set) var names: [String] = []
  private var values: [String: Double] = [:]

  /// Creates an empty set of results.
  public init() {}

  /// The loss.
  /// - Precondition: there is a loss, as after every batch; `logs["loss"]` is `nil` without one.
  public var loss: Double {
    guard let loss = self["loss"] else { trap("there is no loss among the results \(names)") }
    return loss
  }

  /// The value of a result; setting `nil` removes it.
  public subscript(name: String) -> Double? {
    get { values[name] }
    set {
      if values[name] == nil && newValue != nil { names.append(name) }
      if newValue == nil { names.removeAll { $0 == name } }
      values[name] = newValue
    }
  }

  mutating func add(_ others: Logs, prefix: String) {
    for name in others.names { self[prefix + name] = others[name] }
  }
}

extension Logs: CustomStringConvertible {
  /// The results in the format of Keras's progress bar, `accuracy: 0.9756 - loss: 0.0812`: metrics first, by name.
  public var description: String {
    func order(_ name: String) -> (Bool, String) { (name.hasPrefix("val_"), name) }
    return names.sorted { order($0).0 == order($1).0 ? $0 < $1 : order($1).0 }
      .map { "\($0): \(short(values[$0]!))" }.joined(separator: " - ")
  }
}

/// Formats a number with four decimals, or with an exponent if it is small.
func short(_ value: Double) -> String {
  guard value.isFinite else { return value.isNaN ? "nan" : "\(value)" }
  let isSmall = value != 0 && abs(value) < 1e-3
  let exponent = isSmall || abs(value) >= 1e9 ? Int(_exponent10(value)) : 0
  if exponent == 0 { return fixed(value, 4) }
  var mantissa = value
  for _ in 0..<abs(exponent) { mantissa = exponent < 0 ? mantissa * 10 : mantissa / 10 }
  return "\(fixed(mantissa, 4))e\(exponent < 0 ? "-" : "+")\(abs(exponent) < 10 ? "0" : "")\(abs(exponent))"
}

private func _exponent10(_ value: Double) -> Double {
  var magnitude = abs(value)
  var exponent = 0.0
  while magnitude < 1 {
    magnitude *= 10
    exponent -= 1
  }
  while magnitude >= 10 {
    magnitude /= 10
    exponent += 1
  }
  return exponent
}

/// Formats a number with a given number of decimals.
func fixed(_ value: Double, _ digits: Int) -> String {
  var scale = 1.0
  for _ in 0..<digits { scale *= 10 }
  let scaled = (abs(value) * scale).rounded()
  guard scaled < 1e15 else { return "\(value)" }
  let (whole, fraction) = Int(scaled).quotientAndRemainder(dividingBy: Int(scale))
  let padding = String(repeating: "0", count: digits - (digits > 0 ? "\(fraction)".count : 0))
  return (value < 0 && scaled > 0 ? "-" : "") + "\(whole)" + (digits > 0 ? ".\(padding)\(fraction)" : "")
}
