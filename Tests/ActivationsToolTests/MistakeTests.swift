import Foundation
import TestSupport
import Testing

@Suite(.temporaryFolder) struct MistakeTests {
  @Test(arguments: [
    (["classify", "no such folder"], 1 as Int32, "no such folder"),
    (["classify", "--draw", "-1"], 64, "--draw"),
    (["bench", "no_such_function"], 64, "no_such_function"),
    (["bench", "relu", "--sizes", "10,-1"], 64, "--sizes"),
    (["bench", "relu", "--forms", "sideways"], 64, "--forms"),
    (["bench", "--tensor", "subtract"], 64, "subtract"),
    (["bench", "--tensor", "--threads", "99999999999"], 64, "--threads"),
    (["bench", "--files", "--tensor"], 64, "exclude each other"), (["bench", "--files", "/no/such"], 1, "/no/such"),
    (["verify", "no_such_function"], 64, "no_such_function"),
    (["verify", "sparsemax"], 64, "no exact results for sparsemax"),
    (["verify", "elu", "--alpha", "1e30"], 64, "Unknown option '--alpha'"),
    (["verify", "no_such_function", "--frobnicate", "3"], 64, "Unknown option '--frobnicate'"),
    (["bench", "relu", "--alpha", "3"], 64, "Unknown option '--alpha'"),
    (["apply", "elu", "x.npy", "y.csv"], 64, "allowed: .npy files"),
    (["predict", "m.keras", "x.npy", "-o", "y.csv"], 64, "allowed: .npy files"),
    (["convert", "a.npz", "b.safetensors", "--compressed"], 64, "--compressed is for .npz"),
    (["verify", "relu", "--every", "0"], 64, "--every"),
    (["verify", "relu", "--isa", "sse9"], 64, "sse9"),
    (["list", "gellu"], 1, "did you mean gelu"),
    (["list", "prelu"], 1, "prelu is not an activation but a layer, PReLU"),
    (["plot", "ThresholdedReLU"], 1, "a layer, ThresholdedReLU"),
    (["apply", "dropout", digitsFolder + "/x_test.npy", "y.npy"], 1, "a layer, Dropout"),
    (["convert", digitsFolder + "/digits_snn.keras", "a.npz", "--tensor", "vars/0"], 1, "--raw"),
    (["list", "--json", "--markdown"], 64, "--markdown"),
    (["plot", "softmax"], 64, "no curve"),
    (["plot", "relu", "-o", "/no/such/folder/a.svg"], 1, "/no/such/folder/a.svg"),
    (["info", "no such file"], 1, "no such file"),
    (["info", digitsFolder + "/README.md"], 1, "README.md"),
    (["convert", digitsFolder + "/x_test.npy", "a.keras"], 1, "tensors alone"),
    (["convert", digitsFolder + "/x_test.npy", "a.txt"], 1, ".txt"),
    (["predict", digitsFolder + "/x_test.npy", digitsFolder + "/x_test.npy", "-o", "y.npy"], 1, "x_test.npy"),
    (["predict", digitsFolder + "/network.json", "x.npy", "-o", "y.npy"], 1, "train creates weights"),
    (["predict", "no such model", "x.npy", "-o", "y.npy"], 1, "no such model"),
    (["predict", "model.keras", "x.npy", "-o", "y.npy", "--batch-size", "0"], 64, "--batch-size"),
    (["train", "no such model.json", "x.npy", "y.npy"], 1, "no such model"),
    (["train", digitsFolder + "/README.md", "x.npy", "y.npy"], 1, "README.md"),
    (["train", digitsFolder + "/network.json", "no x.npy", "y.npy"], 1, "no x.npy"),
    (["train", digitsFolder + "/network.json", "x.npy", "y.npy", "--loss", "{"], 1, "JSON"),
    (["train", digitsFolder + "/network.json", "x.npy", "y.npy", "--optimizer", "adem"], 1, "adam"),
    (
      [
        "train", digitsFolder + "/network.json", digitsFolder + "/x_train.npy", digitsFolder + "/y_train.npy",
        "--monitor",
        "val_los", "--patience", "1", "--epochs", "1",
      ], 64, "--monitor is val_los; allowed:"
    ),
    (
      [
        "train", digitsFolder + "/network.json", digitsFolder + "/x_train.npy", digitsFolder + "/y_train.npy",
        "--validation-split", "0.9999",
      ], 64, "--validation-split is 0.9999; allowed: parts of the 1347 samples"
    ),
    (["unknown"], 64, "unknown"),
  ])
  func `mistakes end with one line on standard error and a status`(arguments: [String], status: Int32, word: String)
    throws
  {
    let run = try runTool(arguments)
    #expect(run.status == status)
    #expect(run.errors.hasPrefix("Error: "))
    #expect(run.errors.contains(word))
    if status == 1 { #expect(run.errors.split(separator: "\n").count == 1) }
    #expect(run.output.isEmpty)
  }
}
