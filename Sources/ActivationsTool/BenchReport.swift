import Foundation

/// Times closures and prints what they took.
struct BenchReport {
  let json: Bool
  let threads: Int

  func time<Result>(_ name: String, _ shape: [Int], _ body: () throws -> Result) rethrows {
    let microseconds = try best(body)
    let figure = String(format: "%.3f", microseconds)
    let sizes = shape.map(String.init).joined(separator: ", ")
    if json {
      let place = #""shape": [\#(sizes)], "threads": \#(threads)"#
      print(#"{"peer": "activations", "what": "\#(name)", \#(place), "us": \#(figure)}"#)
    } else {
      let label = name.padding(toLength: 20, withPad: " ", startingAt: 0)
      let place = "[\(sizes)]".padding(toLength: 14, withPad: " ", startingAt: 0)
      print("\(label) \(place) \(String(format: "%12.3f", microseconds)) µs")
    }
    fflush(nil)
  }

  /// The shortest of as many runs as 0.3 s allow, at least five, after two to warm up; in microseconds.
  private func best<Result>(_ body: () throws -> Result) rethrows -> Double {
    let clock = ContinuousClock()
    try consume(body())
    try consume(body())
    let end = clock.now + .milliseconds(300)
    var shortest = Duration.seconds(1_000_000)
    var runs = 0
    while runs < 5 || clock.now < end {
      let start = clock.now
      let result = try body()
      let duration = clock.now - start
      consume(result)
      shortest = min(shortest, duration)
      runs += 1
    }
    return shortest / .microseconds(1)
  }
}

/// Keeps a result alive until it has been made.
@inline(never)
private func consume<Result>(_ result: Result) {
  withExtendedLifetime(result) {}
}
