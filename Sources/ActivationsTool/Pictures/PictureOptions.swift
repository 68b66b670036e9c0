import ArgumentParser
import Layers
import Tensor

/// How pictures become samples.
struct PictureOptions: ParsableArguments {
  @Option(help: "How pictures are resized (default: bilinear).")
  var interpolation: PictureInterpolation?

  @Flag(help: "Cut pictures to the proportions of the model's input before they are resized.")
  var cropToAspectRatio = false

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The values of pictures.",
      discussion: """
        0...255, the default, is for models that rescale pictures themselves. Others are Keras's preprocess_input: -1...1 is its \
        mode tf, caffe means blue, green, red without their means, torch red, green, blue in standard deviations from theirs.
        """))
  var values: PictureValues?

  /// Throws if an option for pictures is given.
  func requireNone() throws {
    if interpolation != nil || cropToAspectRatio || values != nil {
      throw ValidationError("--interpolation, --crop-to-aspect-ratio and --values are for pictures, not arrays")
    }
  }
}

/// The values of `--interpolation`.
struct PictureInterpolation: ExpressibleByArgument {
  let interpolation: Interpolation

  init?(argument: String) {
    guard let interpolation = Interpolation(rawValue: argument) else { return nil }
    self.interpolation = interpolation
  }

  static var allValueStrings: [String] { Interpolation.allCases.map(\.rawValue) }
}
