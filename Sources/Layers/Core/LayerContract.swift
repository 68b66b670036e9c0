import Tensor

// What a layer of one's own has to keep to. Where it does not, it is named here, before a tensor without elements or of another
// shape stops the program far away.

extension Layer {
  /// Traps where ``build(inputShape:using:)`` has left a weight without a value.
  func requireBuilt(_ name: String) {
    for weight in weights where !weight.isBuilt {
      trap("\(name): build(inputShape:using:) has left the weight \"\(weight.name)\" without a value")
    }
    require(isBuilt, "\(name): isBuilt is false behind build(inputShape:using:)")
  }

  /// Traps where ``forEachWeight(_:)`` hides a weight that is computed with: it would be neither trained nor saved.
  /// - Parameters:
  ///   - inputShapes: those of samples that the layer takes.
  ///   - stage: the layer in its place, whose name messages say.
  func requireVisits(_ inputShapes: [[Int]], _ stage: Stage<Scalar>) throws {
    var numbered = stage
    let numbering = Numbering()
    var count = 0
    numbered.layer.forEachWeight { weight in
      weight.number = (numbering, count)
      count += 1
    }
    let recorder = Recorder<Scalar>(.inference, numbering, isDifferentiated: false)
    _ = try recorder.call(numbered, inputShapes.map { recorder.input($0) })
  }
}

extension Layout {
  /// Whether it is that of a batch of samples of this shape.
  func isBatch(of sampleShape: [Int]) -> Bool {
    guard shape.count == sampleShape.count + 1 else { return false }
    for axis in sampleShape.indices where shape[axis + 1] != sampleShape[axis] { return false }
    return true
  }
}
