import Foundation
import Tensor

/// The network's results for the digits, in words and figures.
struct DigitsReport {
  let digits: Digits
  let probabilities: Tensor<Float>
  let predictions: [Int]

  func printAccuracy() {
    guard let labels = digits.labels else {
      print("predicted  " + predictions.map(String.init).joined(separator: " "))
      return
    }
    let correct = zip(predictions, labels.scalars).count { $0 == Int($1) }
    let share = String(format: "%.2f", 100 * Double(correct) / Double(max(predictions.count, 1)))
    print("accuracy \(share) % (\(correct) of \(predictions.count))")
    guard let reference = digits.reference else { return }
    let difference = reference.isEmpty ? 0 : (probabilities - reference).absolute().max().scalar
    print("largest difference from Keras's probabilities \(String(format: "%.1e", difference))")
  }

  /// The numbers of images by label (rows) and prediction (columns); `nil` without labels.
  var confusion: Tensor<Int64>? {
    guard let labels = digits.labels else { return nil }
    var counts = Tensor<Int64>.zeros([Digits.classes, Digits.classes])
    for (label, prediction) in zip(labels.scalars, predictions) { counts[at: Int(label), prediction] += 1 }
    return counts
  }

  func printConfusionMatrix() {
    guard let counts = confusion else { return }
    print("\nlabel    predicted\n      " + (0..<Digits.classes).map { padded("\($0)", 4) }.joined())
    for (label, row) in counts.rows.enumerated() {
      print(padded("\(label)", 5) + " " + row.scalars.map { padded($0 == 0 ? "·" : "\($0)", 4) }.joined())
    }
  }

  /// Draws digits side by side, wrongly classified ones first.
  func printDrawings(_ count: Int) {
    var order = Array(predictions.indices)
    if let labels = digits.labels?.scalars {
      order =
        order.filter { predictions[$0] != Int(labels[$0]) }.prefix(count / 2)
        + order.filter { predictions[$0] == Int(labels[$0]) }
    }
    let chosen = Array(order.prefix(count))
    if chosen.isEmpty { return }
    print()
    for row in 0..<8 {
      let lines = chosen.map { image in
        digits.images[image].reshaped([8, 8])[row].scalars.map { shade($0) }.joined()
      }
      print(lines.joined(separator: "   "))
    }
    let captions = chosen.map { image in
      let prediction = predictions[image]
      let probability = String(format: "%.1f", 100 * probabilities[at: image, prediction])
      return "\(prediction) (\(probability) %)".padding(toLength: 16, withPad: " ", startingAt: 0)
    }
    print(captions.joined(separator: "   "))
    if let labels = digits.labels?.scalars {
      let truths = chosen.map { image in
        (Int(labels[image]) == predictions[image] ? "right" : "wrong: a \(labels[image])")
          .padding(toLength: 16, withPad: " ", startingAt: 0)
      }
      print(truths.joined(separator: "   "))
    }
    print()
  }

  private func shade(_ value: Float) -> String {
    let shades = ["  ", "░░", "▒▒", "▓▓", "██"]
    return shades[Int(min(max(value * 5, 0), 4))]
  }

  private func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }
}
