import Layers
import Tensor

/// A model's outputs for arrays of any size, a batch at a time.
struct Prediction<Scalar: RealScalar> {
  let model: any Model<Scalar>
  let inputs: [RowSource<Scalar>]
  let batchSize: Int
  /// The shapes of a sample's outputs.
  let outputShapes: [[Int]]

  var count: Int { inputs[0].count }

  /// - Throws: where the inputs do not fit the model, before anything is computed.
  init(_ model: any Model<Scalar>, _ inputs: [RowSource<Scalar>], batchSize: Int) throws {
    guard inputs.count == model.inputCount else {
      throw FileError(
        file: inputs.map(\.name).joined(separator: ", "),
        expected: "an array for each of the model's \(model.inputCount) inputs", found: "\(inputs.count)")
    }
    let count = inputs[0].count
    if let other = inputs.first(where: { $0.count != count }) {
      throw FileError(file: other.name, expected: "\(count) samples, as \(inputs[0].name) has", found: other.shape)
    }
    let shapes = inputs.map { Array($0.shape.dropFirst()) }
    do {
      outputShapes = try model.outputShapes(forInputs: shapes)
    } catch {
      let expected = model.inputShapes?.map { "\($0)" }.joined(separator: ", ") ?? "others"
      throw FileError(
        file: inputs.map(\.name).joined(separator: ", "), expected: "samples of the shape \(expected)",
        found: "those of \(shapes.map { "\($0)" }.joined(separator: ", ")) (\(error))")
    }
    self.model = model
    self.inputs = inputs
    self.batchSize = batchSize
  }

  /// Hands over the outputs of each batch, in order.
  func run(_ consume: ([Tensor<Scalar>]) throws -> Void) throws {
    for start in stride(from: 0, to: count, by: batchSize) {
      let rows = start..<min(start + batchSize, count)
      try consume(model.results(inputs.map { try $0[rows] }))
    }
  }
}
