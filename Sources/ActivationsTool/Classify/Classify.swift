import ArgumentParser
import Layers
import Tensor

struct Classify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Classifies handwritten digits with a self-normalising network.",
    discussion: """
      The folder contains the network digits_snn.keras, saved by Keras, the images x_test.npy [n, 64] with their labels \
      y_test.npy [n], and the probabilities keras_probabilities.npy [n, 10] that Keras computed with the same network. \
      --model selects another network for the digits, such as the convolutional digits_cnn.keras or one written by train; \
      its probabilities are compared with MODEL_probabilities.npy if that lies beside MODEL.keras.
      """)

  @Argument(help: "The folder of the network, images and labels.")
  var folder = "Examples/digits"

  @Option(help: "Another network, from [n, 64] to [n, 10].")
  var model: String?

  @Option(help: "The images to classify, [n, 64] in 0…1.")
  var images: String?

  @Option(parsing: .unconditional, help: "The number of digits to draw.")
  var draw = 4

  @Option(help: ArgumentHelp("The file for the confusion matrix (SVG).", valueName: "file"))
  var plot: String?

  func validate() throws {
    try plot.map { try requireSVGName($0, "--plot") }
    if plot != nil && images != nil { throw ValidationError("--plot takes labels, which --images does not have") }
    guard draw >= 0 else { throw ValidationError("--draw is \(draw); allowed: numbers of at least 0") }
  }

  func run() throws {
    let digits = try Digits(folder: folder, model: model, images: images)
    let network = try digits.network()
    let probabilities = try network(digits.images)
    if !probabilities.isFinite.all().scalar {
      throw FileError(
        file: images ?? folder + "/x_test.npy", expected: "images in the range of the network's numbers",
        found: "values up to \(digits.images.absolute().max().scalar)")
    }
    let predictions = probabilities.argMax(axis: 1).scalars.map { Int($0) }
    let report = DigitsReport(digits: digits, probabilities: probabilities, predictions: predictions)
    report.printAccuracy()
    report.printConfusionMatrix()
    report.printDrawings(draw)
    if let plot, let counts = report.confusion {
      let title = "Labels and predictions of \(predictions.count) images"
      try write(SVGConfusionMatrix.document(counts, title: title), to: plot)
    }
    try printSpeed(network, digits.images)
  }

  private func printSpeed(_ network: Model<Float>, _ images: Tensor<Float>) throws {
    let clock = ContinuousClock()
    let start = clock.now
    var passes = 0
    repeat {
      _ = try network(images)
      passes += 1
    } while clock.now - start < .milliseconds(500)
    let seconds = (clock.now - start) / .seconds(1)
    let rate = Double(passes * images.shape[0]) / seconds
    print("speed      \(Int(rate.rounded())) images per second, in batches of \(images.shape[0])")
  }
}
