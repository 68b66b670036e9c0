import ModelFiles

/// Answers what digit an image shows, from any number of tasks at once: a model is a value, and using it changes nothing.
struct DigitClassifier: Sendable {
  private let model: Model<Float>

  /// - Parameter path: a Keras model, [batch, 64] to [batch, 10].
  init(modelAt path: String) throws {
    model = try readModel(from: path, as: Float.self)
  }

  struct Answer: Sendable {
    let digit: Int
    let probability: Float
  }

  /// - Parameter pixels: 8 × 8 in row-major order, from 0 to 1.
  /// - Throws: `RequestError` where there are more or fewer.
  func answer(_ pixels: [Float]) throws -> Answer {
    guard pixels.count == 64 else { throw RequestError(pixels: pixels.count) }
    let probabilities = try model(Tensor(shape: [1, 64], scalars: pixels))
    let digit = Int(probabilities.argMax(axis: -1).scalar)
    return Answer(digit: digit, probability: probabilities[at: 0, digit])
  }
}

/// What a client has done wrong; the server goes on.
struct RequestError: Error, CustomStringConvertible {
  let pixels: Int
  var description: String { "a request has \(pixels) pixels; expected: 64" }
}
