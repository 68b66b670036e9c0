import Foundation

extension String {
  /// With spaces behind, up to a width.
  func padded(_ width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }

  /// With spaces in front, up to a width.
  func padded(left width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - count)) + self }
}

extension Double {
  /// Up to six digits, without those that say nothing: 0.5, 1, 1e-07.
  var short: String { String(format: "%g", self) }
}
