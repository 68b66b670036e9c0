import Foundation
import KerasFormat
import Layers

/// The result of a training.
struct TrainingReport {
  let history: History
  let seconds: Double
  let output: String?

  /// The report as text.
  var text: String {
    let count = history.epochs.count
    var lines = ["trained    \(count) epoch\(count == 1 ? "" : "s") in \(String(format: "%.2f", seconds)) s"]
    if let last = history.logs.last { lines.append("results    \(last)") }
    if let output { lines.append("written    \(output.onOneLine)") }
    return lines.joined(separator: "\n")
  }
}

extension TrainingReport: Encodable {
  private enum CodingKeys: String, CodingKey {
    case epochs, seconds, output
    case stopReason = "stop_reason"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let epochs = zip(history.epochs, history.logs).map { epoch, logs in
      Dictionary(uniqueKeysWithValues: logs.names.map { ($0, logs[$0] ?? .nan) } + [("epoch", Double(epoch + 1))])
    }
    try container.encode(epochs, forKey: .epochs)
    try container.encode(seconds, forKey: .seconds)
    try container.encodeIfPresent(output, forKey: .output)
    try container.encodeIfPresent(history.stopReason.map { "\($0)" }, forKey: .stopReason)
  }
}
