/// The shortest of as many runs as the budget allows, at least five, after two to warm up.
struct Stopwatch {
  let budget: Duration
  private let clock = ContinuousClock()

  init(budget: Duration) {
    self.budget = budget
  }

  /// Seconds of one run of `body`, what it makes included.
  func best(_ body: () throws -> Void) rethrows -> Double {
    try best(after: {}, body)
  }

  /// The same, with what comes before each run left out.
  func best(after preparation: () -> Void, _ body: () throws -> Void) rethrows -> Double {
    for _ in 0..<2 {
      preparation()
      try body()
    }
    let end = clock.now + budget
    var shortest = Duration.seconds(1_000_000)
    var runs = 0
    while runs < 5 || clock.now < end {
      preparation()
      let start = clock.now
      try body()
      shortest = min(shortest, clock.now - start)
      runs += 1
    }
    return shortest / .seconds(1)
  }
}

/// Keeps a result alive until it has been made.
@inline(never)
func consume<Result>(_ result: consuming Result) {
  withExtendedLifetime(result) {}
}
