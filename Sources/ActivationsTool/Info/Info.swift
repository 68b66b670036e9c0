import ArgumentParser

struct Info: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tells what is in a file: tensors, their shapes, types and ranges, layers, metadata.",
    discussion: """
      Files are .npy, .npz, .safetensors, .keras, .weights.h5 and .h5 of Keras, and architectures as .json; what others \
      are, their first bytes say, not their names. Min and max leave NaN out.
      """)

  @Argument(help: "The files.")
  var files: [String]

  @Flag(help: "Headers alone; the elements are not read.")
  var short = false

  @Flag(help: "As JSON.")
  var json = false

  func run() throws {
    let infos = try files.map { try FileInfo($0, readsElements: !short) }
    if json {
      try printJSON(infos)
    } else {
      print(infos.map { $0.text(.output) }.joined(separator: "\n\n\n"))
    }
  }
}
