import Layers
import Tensor

/// Finds the best classes of samples in a model's output.
struct ClassRanking<Scalar: RealScalar> {
  /// Whether the output is computed by an activation whose results are probabilities.
  let areProbabilities: Bool
  let labels: [String]?
  private let count: Int
  /// Whether the output is one number, the probability of the second of two classes.
  private let isBinary: Bool

  struct Class: Encodable {
    let number: Int
    let label: String?
    let value: Double

    private enum CodingKeys: String, CodingKey {
      case label, value
      case number = "class"
    }
  }

  /// - Parameters:
  ///   - model: the model's file, for errors.
  ///   - labels: a file of labels.
  ///   - top: the number of classes that are wanted.
  /// - Throws: ``FileError`` if the output is no row of classes, or the labels are not as many.
  init(_ prediction: Prediction<Scalar>, model: String, labels: String?, top: Int) throws {
    let shapes = prediction.outputShapes
    guard shapes.count == 1, shapes[0].count == 1, shapes[0][0] > 0 else {
      throw FileError(
        file: model, expected: "a model with one output (None, classes); --output writes others",
        found: shapes.map { "\($0)" }.joined(separator: ", "))
    }
    let sample = prediction.inputs.map { Array($0.shape.dropFirst()) }
    let activation = try prediction.model.lastActivations(forInputs: sample)[0]?.name
    areProbabilities = activation == "softmax" || activation == "sigmoid"
    isBinary = shapes[0][0] == 1 && activation == "sigmoid"
    let classes = isBinary ? 2 : shapes[0][0]
    count = min(top, classes)
    self.labels = try labels.map { try ClassLabels.read($0, count: classes) }
  }

  /// The best classes of each sample, the best one first.
  /// - Parameter outputs: [samples, classes].
  func callAsFunction(_ outputs: Tensor<Scalar>) -> [[Class]] {
    let values = isBinary ? Tensor.concatenated([1 - outputs, outputs], axis: -1) : outputs
    let (best, numbers) = values.topK(count)
    return zip(best.rows, numbers.rows).map { best, numbers in
      zip(best.scalars, numbers.scalars).map { value, number in
        Class(number: Int(number), label: labels?[Int(number)], value: Double(value))
      }
    }
  }
}
