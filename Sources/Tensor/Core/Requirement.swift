/// Stops the program with a message when the programmer has made a mistake; in release builds too.
@inlinable @inline(__always)
package func require(
  _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) {
  if !condition { trap(message(), file: file, line: line) }
}

/// An exact result, or the program stops with a message: `exact(a.multipliedReportingOverflow(by: b), "…")`.
func exact(
  _ result: (partialValue: Int, overflow: Bool), _ message: @autoclosure () -> String, file: StaticString = #fileID,
  line: UInt = #line
) -> Int {
  require(!result.overflow, "\(message()): more than can be counted", file: file, line: line)
  return result.partialValue
}

/// Stops the program where going on makes no sense, with a message that release builds print too.
@inlinable
package func trap(_ message: String, file: StaticString = #fileID, line: UInt = #line) -> Never {
  fatalError(message, file: file, line: line)
}
