public import Tensor

// Texts as tensors: the bytes of UTF-8 along one more axis behind the others, and -1 behind those of shorter texts. So a
// model's computation consists of numbers, whatever its inputs are.

/// A layer whose input is texts.
package protocol TextLayer<Scalar>: Layer {}

extension Tensor where Scalar: RealScalar {
  /// Texts as a tensor [texts, bytes].
  package init(texts: [String]) {
    let bytes = texts.map { Array($0.utf8) }
    // Texts of similar lengths have tensors of one shape, for which a model is planned once.
    let width = bytes.reduce(1) { Swift.max($0, $1.count) }.roundedUp(to: 16)
    var scalars = [Scalar](repeating: -1, count: bytes.count * width)
    for (row, text) in bytes.enumerated() {
      for (place, byte) in text.enumerated() { scalars[row * width + place] = Scalar(byte) }
    }
    self.init(shape: [bytes.count, width], scalars: scalars)
  }

  /// The bytes of the texts in a tensor.
  /// - Throws: ``LayerError/inputValue(layer:position:expected:found:)`` for numbers that are no bytes.
  func texts(for layer: String) throws -> [[UInt8]] {
    let (all, width) = (scalars, shape[rank - 1])
    return try Swift.stride(from: 0, to: all.count, by: Swift.max(1, width)).map { start in
      try all[start..<start + width].prefix { !($0 < 0) }.enumerated().map { offset, element in
        guard let byte = UInt8(exactly: element) else {
          throw LayerError.inputValue(
            layer: layer, position: position(ofElement: start + offset, in: shape), expected: "a byte of a text",
            found: "\(element)")
        }
        return byte
      }
    }
  }
}

extension Int {
  fileprivate func roundedUp(to unit: Int) -> Int { (self + unit - 1) / unit * unit }
}

extension TextLayer {
  /// Throws unless the shape has an axis of bytes.
  func requireTexts(_ inputShape: [Int]) throws {
    if inputShape.isEmpty { throw unexpectedShape("texts, whose bytes are the last axis", inputShape) }
  }
}

extension Model {
  /// Whether an input is texts.
  package func takesTexts(_ input: Int) -> Bool {
    graph.nodes.contains { node in
      guard let place = node.inputs.firstIndex(of: input) else { return false }
      let layer = graph.stages[node.stage].layer
      return layer is any TextLayer<Scalar> || (layer as? Model<Scalar>)?.takesTexts(place) == true
    }
  }

  /// Texts as the model's input.
  package func tensor(of texts: [String]) -> Tensor<Scalar> {
    let rows = Tensor<Scalar>(texts: texts)
    let axes = Swift.max(1, inputs.first?.shape?.count ?? 1)
    return rows.reshaped([texts.count] + [Int](repeating: 1, count: axes - 1) + [rows.shape[1]])
  }

  /// Returns the model's output for texts, if it begins with a layer of texts: `try model(["Lovely!", "Not at all."])`.
  /// - Throws: ``LayerError`` if the model does not accept them.
  public func callAsFunction(_ texts: [String]) throws -> Tensor<Scalar> { try self(tensor(of: texts)) }

  /// Returns the outputs for any number of texts, computed batch by batch.
  /// - Throws: ``LayerError`` if the model does not accept them.
  public func predict(_ texts: [String], batchSize: Int = 256) throws -> Tensor<Scalar> {
    try predict(tensor(of: texts), batchSize: batchSize)
  }
}
