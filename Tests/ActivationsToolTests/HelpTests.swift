import Foundation
import ModelFiles
import Tensor
import TestSupport
import Testing

/// What the help of a command lists for an option, the option takes.
@Suite(.temporaryFolder) struct HelpTests {
  private struct Help: Decodable {
    struct Argument: Decodable {
      struct Name: Decodable { let name: String }
      let preferredName: Name?
      let allValues: [String]?
    }
    struct Command: Decodable {
      let commandName: String
      let arguments: [Argument]?
      let subcommands: [Command]?
    }
    let command: Command
  }

  /// Values of options, by command and option.
  private func listed() throws -> [String: [String]] {
    let help = try JSONDecoder().decode(Help.self, from: try runTool(["--experimental-dump-help"]).output)
    var values: [String: [String]] = [:]
    for command in help.command.subcommands ?? [] {
      for argument in command.arguments ?? [] {
        guard let name = argument.preferredName?.name, let all = argument.allValues, !all.isEmpty else { continue }
        values["\(command.commandName) --\(name)"] = all
      }
    }
    return values
  }

  @Test func `every value that help lists works`() throws {
    let (reals, integers) = (temporaryFile("x.npy"), temporaryFile("n.npy"))
    try Tensor<Float>([[1.1, -2.7], [300.3, 0]]).write(to: reals)
    try Tensor<Int32>([[1, 100], [3, 0]]).write(to: integers)
    let (model, images, labels) = (
      digitsFolder + "/digits_snn.keras", digitsFolder + "/x_test.npy", digitsFolder + "/y_test.npy"
    )
    let output = temporaryFile("y.npy")
    let values = try listed()
    #expect(
      values.keys.sorted() == [
        "apply --dtype", "convert --dtype", "predict --dtype", "predict --interpolation", "predict --values",
        "train --dtype",
      ])
    for (option, all) in values {
      let words = option.split(separator: " ").map(String.init)
      for value in all {
        let input = value.contains("int") ? integers : reals
        let arguments =
          switch words[0] {
          case "apply": ["relu6", input, output]
          case "convert": [input, output]
          case "predict" where words[1] == "--dtype": [model, images, "-o", output]
          case "predict": [PictureFixtures.folder + "/free.keras", PictureFixtures.pictures + "rgb.png", "-o", output]
          default: [model, images, labels, "--epochs", "0"]
          }
        let run = try runTool([words[0]] + arguments + [words[1], value])
        #expect(run.status == 0 && run.errors.isEmpty, "\(option) \(value): \(run.errors)")
        if words[1] != "--dtype" || words[0] == "train" { continue }
        #expect(try NumPyFile.header(output).type.name == (value == "bfloat16" ? "float32" : value))
      }
    }
  }

  @Test func `results are rounded to bfloat16, which NumPy's files hold as float32`() throws {
    let (input, output) = (temporaryFile("x.npy"), temporaryFile("y.npy"))
    let x = Tensor<Float>([1, 1.00390625, 1.01171875, 3.14159265, -0.1, 0x1.1p-133, .infinity])
    let rounded = Tensor<Float>([1, 1, 1.015625, 3.140625, -0.10009765625, 0x1p-133, .infinity])
    let archive = temporaryFile("x.npz")
    try x.write(to: input)
    try #require(try runTool(["apply", "linear", input, output, "--dtype", "bfloat16"]).status == 0)
    let applied = try Tensor<Float>(contentsOf: output)
    #expect(applied == rounded)
    try #require(try runTool(["convert", input, archive, "--dtype", "bfloat16"]).status == 0)
    #expect(try NPZFile(archive).tensor("x") as Tensor<Float> == applied)
    try x.cast(to: Double.self).write(to: input)
    try #require(try runTool(["apply", "linear", input, output, "--dtype", "bfloat16"]).status == 0)
    #expect(try Tensor<Float>(contentsOf: output) == applied)
  }

  @Test func `arguments that are not UTF-8 are refused as such`() throws {
    let run = try runTool(
      ["-c", "exec \"$0\" info \"$(printf 'a\\377.npy')\"", toolLocation.path], executable: URL(filePath: "/bin/sh"))
    #expect(run.status == 64 && run.errors.hasPrefix("Error: a\u{FFFD}.npy is not UTF-8"), "\(run.errors)")
  }
}
