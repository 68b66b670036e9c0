import Tensor

// Checks of what a custom layer must satisfy. A violation is reported here with its name, before a tensor without
// elements or of a wrong shape stops the program elsewhere.

extension Layer {
  /// Stops the program if ``build(inputShape:using:)`` has left a weight without a value.
  func requireBuilt(_ name: String) {
    for weight in weights { weight.requireBuilt(in: name) }
    require(isBuilt, "\(name): isBuilt is false behind build(inputShape:using:)")
  }

  /// Stops the program if ``forEachWeight(_:)`` omits a weight that the computation uses: it would be neither trained
  /// nor saved.
  /// - Parameters:
  ///   - inputShapes: shapes of samples that the layer accepts.
  ///   - stage: the layer in its model, whose name appears in messages.
  func requireVisits(_ inputShapes: [[Int]], _ stage: Stage<Scalar>) throws {
    var numbered = stage
    let numbering = Numbering()
    var count = 0
    numbered.layer.forEachWeight { weight in
      weight.number(count, among: numbering, in: stage.title)
      count += 1
    }
    let recorder = Recorder<Scalar>(.inference, numbering, isDifferentiated: false)
    _ = try recorder.call(numbered, inputShapes.map { recorder.input($0) })
  }
}

extension Weight {
  /// Numbers the weight; stops the program if a visit reaches it twice, as it would be trained and saved twice.
  mutating func number(_ count: Int, among numbering: Numbering, in layer: @autoclosure () -> String) {
    require(
      number?.among !== numbering, "\(layer()): forEachWeight(_:) visits the weight \"\(path)\" twice; once is allowed")
    number = (numbering, count)
  }

  /// Stops the program if the weight of a layer has no value.
  func requireBuilt(in layer: @autoclosure () -> String) {
    require(
      isBuilt,
      "\(layer()): build(inputShape:using:) has left the weight \"\(path)\" without a value (is it declared mutating func "
        + "build(inputShape: [Int], using generator: inout PhiloxGenerator) throws?)")
  }
}

extension Layout {
  /// Whether this shape is that of a batch of samples of the given shape.
  func isBatch(of sampleShape: [Int]) -> Bool {
    guard shape.count == sampleShape.count + 1 else { return false }
    for axis in sampleShape.indices where shape[axis + 1] != sampleShape[axis] { return false }
    return true
  }
}
