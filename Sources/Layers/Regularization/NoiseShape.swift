import Tensor

// Dropout masks of a given shape, including the batch axis, with `nil` for the input's length.

func requireNoiseShape(_ noiseShape: [Int?]?, _ layer: String, file: StaticString = #fileID, line: UInt = #line) {
  require(
    noiseShape?.allSatisfy { ($0 ?? 1) > 0 } ?? true,
    "\(layer): the noise shape is \(noiseShapeDescription(noiseShape ?? [])); allowed: lengths of at least 1 and nil",
    file: file, line: line)
}

func noiseShapeDescription(_ noiseShape: [Int?]) -> String {
  "[" + noiseShape.map { $0.map(String.init) ?? "nil" }.joined(separator: ", ") + "]"
}

extension Layer {
  /// Throws if a mask of this shape does not broadcast to samples of the input's shape.
  func checkNoiseShape(_ noiseShape: [Int?]?, _ inputShape: [Int]) throws {
    guard let noiseShape else { return }
    let fits =
      noiseShape.count == inputShape.count + 1
      && zip(noiseShape.dropFirst(), inputShape).allSatisfy { $0 == nil || $0 == 1 || $0 == $1 }
    if !fits {
      throw unexpectedShape("one to which the noise shape \(noiseShapeDescription(noiseShape)) broadcasts", inputShape)
    }
  }
}
