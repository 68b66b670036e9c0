import Foundation

extension String {
  /// The text with trailing spaces up to a width.
  func padded(_ width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }

  /// The text with leading spaces up to a width.
  func padded(left width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - count)) + self }
}

extension Double {
  /// The number with up to six digits, without trailing zeros: 0.5, 1, 1e-07.
  var short: String { String(format: "%g", self) }
}
