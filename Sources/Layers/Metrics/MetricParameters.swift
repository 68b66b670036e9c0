// The parameters of metrics that count decisions or have one number; those of the others are beside their accumulators.

extension Int {
  /// The largest number of a curve's thresholds: the buckets between them are counted exactly in Float.
  static var greatestThresholdCount: Int { 1 << 24 }

  /// The largest number of classes whose confusion matrix fits in the machine's memory.
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

/// Determines which predictions are positive.
package struct Detection: Parameterized {
  /// Predictions above one of these thresholds, each separately; `nil` for 0.5, or for any prediction with `topK`.
  package var thresholds: [Double]?
  /// Predictions among this number of largest elements of a row; `nil` for all.
  package var topK: Int?
  /// Predictions in this column; `nil` for all columns.
  package var classID: Int?

  package static var parameters: [Parameter<Self>] {
    [
      .numbers("thresholds", \.thresholds, .closedUnit), .integer("topK", \.topK, 1...Int.greatestCount),
      .integer("classID", \.classID, 0...Int.greatestCount),
    ]
  }

  /// The thresholds with which predictions are compared.
  var comparedThresholds: [Double] { thresholds ?? [topK == nil ? 0.5 : -.infinity] }
}
