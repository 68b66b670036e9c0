/// The shortest time of as many runs as fit into the budget, at least five, after two warm-up runs.
struct Stopwatch {
  let budget: Duration
  private let clock = ContinuousClock()

  init(budget: Duration) {
    self.budget = budget
  }

  /// The seconds of one run of `body`, including the creation of its result.
  func best(_ body: () throws -> Void) rethrows -> Double {
    try best(after: {}, body)
  }

  /// The seconds of one run, without the preparation before it.
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

/// Keeps a result alive until it is complete.
@inline(never)
func consume<Result>(_ result: consuming Result) {
  withExtendedLifetime(result) {}
}
