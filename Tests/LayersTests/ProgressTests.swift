import Testing

@testable import Layers

@Suite struct ProgressTests {
  private func written(_ form: TrainingProgress) -> String {
    var text = ""
    var report = ProgressReport(form, epochs: 3, batches: 40) { text += $0 }
    var logs = Logs()
    logs["loss"] = 0.00012345
    logs["accuracy"] = 0.97561
    report.epochBegins(1)
    report.batchEnded(9, logs)
    logs["val_loss"] = 12
    report.epochEnded(logs, .callback("val_loss has not improved for 3 epochs"))
    return text
  }

  @Test func `a bar grows with the batches`() {
    let lines = written(.bar).split(separator: "\r")
    #expect(lines[0] == "Epoch 2/3\n")
    #expect(lines[1].hasPrefix("10/40 ━━━━━───────────────"))
    #expect(lines[1].hasSuffix("/step - accuracy: 0.9756 - loss: 1.2345e-04\u{1B}[K"))
    #expect(lines[2].hasPrefix("40/40 ━━━━━━━━━━━━━━━━━━━━"))
    #expect(
      lines[2].hasSuffix(
        "accuracy: 0.9756 - loss: 1.2345e-04 - val_loss: 12.0000\u{1B}[K\nTraining ended: val_loss has not improved for 3 epochs\n"
      ))
  }

  @Test func `elsewhere an epoch is a line`() {
    let text = written(.lines)
    #expect(text.hasPrefix("Epoch 2/3 - "))
    #expect(text.contains(" - accuracy: 0.9756 - loss: 1.2345e-04 - val_loss: 12.0000\n"))
    #expect(!text.contains("\r"))
    #expect(written(.none) == "")
  }
}
