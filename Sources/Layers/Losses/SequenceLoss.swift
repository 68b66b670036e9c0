import Activations
internal import Glibc
import Tensor

/// Connectionist temporal classification: the probability that the steps of a sample spell its label, with blanks
/// (class 0) between its letters and repetitions of them.
///
/// Source: Graves, Fernández, Gomez, Schmidhuber, "Connectionist temporal classification", ICML 2006.
struct SequenceLoss: Sendable {
  private let steps: Int
  private let classes: Int
  /// The letters of each sample's label, with blanks around them.
  private let spellings: [[Int]]
  /// Logarithms of the probabilities of classes: [sample, step, class].
  private let logits: [Double]
  /// For each sample, the logarithm of the probability that the steps so far spell a beginning of the label: [step,
  /// place].
  private let beginnings: [[Double]]

  /// Negative logarithms of the labels' probabilities.
  let values: [Double]

  /// - Parameter logits: [batch, steps, classes].
  /// - Parameter labels: [batch, letters]; zeros are padding.
  init<Scalar: RealScalar>(
    _ logits: Tensor<Scalar>, _ labels: Tensor<Int64>, name: String
  ) throws(EvaluationError) {
    (steps, classes) = (logits.shape[1], logits.shape[2])
    self.logits = try! logSoftmax(logits.cast(to: Double.self)).scalars  // throws only for axes that do not exist
    let length = labels.shape[1]
    let letters = labels.scalars
    var spellings: [[Int]] = []
    for sample in 0..<labels.shape[0] {
      let label = letters[(sample * length)..<((sample + 1) * length)].filter { $0 != 0 }
      let repetitions = zip(label, label.dropFirst()).count { $0 == $1 }
      guard label.count + repetitions <= steps else {
        throw .predictionShape(
          name: name, found: logits.shape,
          expected:
            "[batch, \(label.count + repetitions) steps or more, classes], which the target at [\(sample)] takes")
      }
      spellings.append([0] + label.flatMap { [Int($0), 0] })
    }
    self.spellings = spellings
    let (steps, classes, all) = (steps, classes, self.logits)
    let found = spellings.enumerated().map { sample, spelling in
      Self.beginnings(spelling, all[(sample * steps * classes)...], steps, classes)
    }
    beginnings = found
    values = zip(spellings, found).map { spelling, found in
      let last = found.suffix(spelling.count)
      return -(last.count < 2 ? last.last ?? 0 : logOfSum(last[last.endIndex - 1], last[last.endIndex - 2]))
    }
  }

  private static func beginnings(
    _ spelling: [Int], _ logits: ArraySlice<Double>, _ steps: Int, _ classes: Int
  ) -> [Double] {
    let places = spelling.count
    var result = [Double](repeating: -.infinity, count: steps * places)
    for step in 0..<steps {
      for place in 0..<places {
        var sum = step == 0 && place < 2 ? 0 : -Double.infinity
        if step > 0 {
          let before = (step - 1) * places + place
          sum = result[before]
          if place > 0 { sum = logOfSum(sum, result[before - 1]) }
          if mayBeSkipped(spelling, place) { sum = logOfSum(sum, result[before - 2]) }
        }
        result[step * places + place] = sum + logits[logits.startIndex + step * classes + spelling[place]]
      }
    }
    return result
  }

  /// Whether a step may advance two places: over a blank, to another letter.
  private static func mayBeSkipped(_ spelling: [Int], _ place: Int) -> Bool {
    place > 1 && spelling[place] != 0 && spelling[place] != spelling[place - 2]
  }

  /// The gradient with respect to the logits, [sample, step, class]: each probability minus its share in spelling the
  /// label.
  func gradient(_ factors: [Double]) -> [Double] {
    var result = logits.map { exp($0) }
    for (sample, spelling) in spellings.enumerated() {
      let places = spelling.count
      // Probabilities that the following steps spell the rest.
      var endings = [Double](repeating: -.infinity, count: places)
      for place in max(places - 2, 0)..<places { endings[place] = 0 }
      for step in (0..<steps).reversed() {
        let row = (sample * steps + step) * classes
        for place in 0..<places {
          let both = beginnings[sample][step * places + place] + endings[place] + values[sample]
          result[row + spelling[place]] -= exp(both)
        }
        endings = (0..<places).map { place in
          func from(_ next: Int) -> Double { endings[next] + logits[row + spelling[next]] }
          var sum = from(place)
          if place + 1 < places { sum = logOfSum(sum, from(place + 1)) }
          if place + 2 < places, Self.mayBeSkipped(spelling, place + 2) { sum = logOfSum(sum, from(place + 2)) }
          return sum
        }
        for index in row..<(row + classes) { result[index] *= factors[sample] }
      }
    }
    return result
  }
}

/// log(e^a + e^b)
private func logOfSum(_ a: Double, _ b: Double) -> Double {
  let (large, small) = (max(a, b), min(a, b))
  return small == -.infinity ? large : large + log1p(exp(small - large))
}

extension ComposedLoss {
  static func ctc(_ p: Tensor<Scalar>, _ labels: Tensor<Int64>, name: String) throws(EvaluationError) -> Self {
    let loss = try SequenceLoss(p, labels, name: name)
    return Self(values: Tensor(loss.values)) { factors throws(EvaluationError) in
      Tensor<Double>(shape: p.shape, scalars: loss.gradient(factors.scalars.map { Double($0) })).cast(to: Scalar.self)
    }
  }
}
