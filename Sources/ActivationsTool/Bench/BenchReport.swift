import Foundation

/// Prints the times of tensor operations.
struct BenchReport {
  let json: Bool
  let threads: Int
  let stopwatch: Stopwatch

  /// - Parameter preparation: runs before each run and is not timed.
  func time<Result>(
    _ name: String, _ shape: [Int], after preparation: () -> Void = {}, _ body: () throws -> Result
  ) rethrows {
    report(name, shape, seconds: try stopwatch.best(after: preparation) { consume(try body()) })
  }

  /// Times an operation that a process performs only once.
  func timeOnce<Result>(_ name: String, _ shape: [Int], _ body: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    let result = try body()
    report(name, shape, seconds: (ContinuousClock.now - start) / .seconds(1))
    return result
  }

  private func report(_ name: String, _ shape: [Int], seconds: Double) {
    let microseconds = seconds * 1e6
    let figure = String(format: "%.3f", microseconds)
    let sizes = shape.map(String.init).joined(separator: ", ")
    if json {
      let place = #""shape": [\#(sizes)], "threads": \#(threads)"#
      print(#"{"peer": "activations", "what": "\#(name)", \#(place), "us": \#(figure)}"#)
    } else {
      let label = name.padding(toLength: 20, withPad: " ", startingAt: 0)
      let place = "[\(sizes)]".padding(toLength: max(20, sizes.count + 2), withPad: " ", startingAt: 0)
      print("\(label) \(place) \(String(format: "%12.3f", microseconds)) µs")
    }
    fflush(nil)
  }
}
