import Foundation
import ModelFiles
import Tensor
import TestSupport
import Testing

@testable import ActivationsTool

/// Models of files that say of training what there is nothing for.
@Suite(.temporaryFolder) struct NoteTests {
  private let model = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../ModelFilesTests/Fixtures/Keras/k2_custom_loss.h5").standardized.path
  private let note = "training_config: no loss is called \"own_loss\"; the model is not compiled"

  @Test func `info tells what was left aside`() throws {
    let run = try runTool(["info", model])
    #expect(run.status == 0 && run.text.contains("note: \(note)") && run.text.contains("Total params"))
    #expect(!run.text.contains("cannot be created"))
    #expect(try runTool(["info", "--json", model]).text.contains("\"notes\""))
  }

  @Test func `train takes a loss, convert writes the model, predict computes`() throws {
    let (x, y) = (temporaryFile("x.npy"), temporaryFile("y.npy"))
    try Tensor<Float>.ones([6, 4]).write(to: x)
    try Tensor<Float>.ones([6, 2]).write(to: y)
    let refused = try runTool(["train", model, x, y, "--epochs", "1"])
    #expect(refused.status != 0 && refused.errors.contains("give --loss"))
    let trained = temporaryFile("trained.keras")
    let run = try runTool(["train", model, x, y, "--epochs", "1", "--loss", "mse", "-o", trained])
    #expect(run.status == 0 && run.errors.contains("warning: \(note)"))
    #expect(try readModel(from: trained).compilation?.loss == .meanSquaredError)
    let copy = temporaryFile("copy.keras")
    let converted = try runTool(["convert", model, copy])
    #expect(converted.status == 0 && converted.errors == "warning: \(note)\n")
    #expect(try readModel(from: copy).notes.isEmpty)
    let silent = try runTool(["predict", model, x, "-o", temporaryFile("p.npy")])
    #expect(silent.status == 0 && silent.errors.isEmpty)
  }
}
