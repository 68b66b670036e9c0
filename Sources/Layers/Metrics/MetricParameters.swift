// The parameters of metrics that count decisions, or have one number; of the others see their accumulators.

extension Int {
  /// Of the thresholds of a curve: the buckets between them are counted exactly in Float.
  static var greatestThresholdCount: Int { 1 << 24 }

  /// Of classes of which a confusion matrix fits into the machine's memory.
  static var greatestClassCount: Int { Int(Double(physicalMemory / MemoryLayout<Double>.stride).squareRoot()) }
}

package struct BinaryAccuracy: Parameterized {
  package var threshold = 0.5

  package static var parameters: [Parameter<Self>] { [.number("threshold", \.threshold)] }
}

package struct TopK: Parameterized {
  package var k = 5

  package static var parameters: [Parameter<Self>] { [.integer("k", \.k, 1...Int.greatestCount)] }
}

/// Decisions of one of the four kinds.
package struct ConfusionCounter: Parameterized {
  package let count: ConfusionCount
  package var thresholds = [0.5]

  init(_ count: ConfusionCount, thresholds: [Double] = [0.5]) {
    self.count = count
    self.thresholds = thresholds
  }

  package static var parameters: [Parameter<Self>] { [.numbers("thresholds", \.thresholds, .closedUnit)] }
}

/// When a prediction counts as positive.
package struct Detection: Parameterized {
  /// Where it is larger than one of these, each for itself; none: larger than 0.5, or anything with `topK`.
  package var thresholds: [Double]?
  /// Where it is among the largest of its row; none: everywhere.
  package var topK: Int?
  /// In this column; none: in all.
  package var classID: Int?

  package static var parameters: [Parameter<Self>] {
    [
      .numbers("thresholds", \.thresholds, .closedUnit), .integer("topK", \.topK, 1...Int.greatestCount),
      .integer("classID", \.classID, 0...Int.greatestCount),
    ]
  }

  /// Those that predictions are compared with.
  var comparedThresholds: [Double] { thresholds ?? [topK == nil ? 0.5 : -.infinity] }
}
