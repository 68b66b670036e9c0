import Tensor

// What a layer of one's own has to keep to. Where it does not, it is named here, before a tensor without elements or of another
// shape stops the program far away.

extension Layer {
  /// Traps where a stored weight, or one of a stored layer, is hidden from ``forEachWeight(_:)``: it would be neither built nor
  /// trained nor saved.
  func requireVisits(_ name: @autoclosure () -> String) {
    var hidden = storedWeightNames
    if hidden.isEmpty { return }
    for weight in weights {
      if let index = hidden.firstIndex(of: weight.name) { hidden.remove(at: index) }
    }
    guard let first = hidden.first else { return }
    trap("\(name()): forEachWeight(_:) does not visit the weight \"\(first)\", which the layer has")
  }

  /// Traps where ``build(inputShape:using:)`` has left a weight without a value.
  func requireBuilt(_ name: String) {
    for weight in weights where !weight.isBuilt {
      trap("\(name): build(inputShape:using:) has left the weight \"\(weight.name)\" without a value")
    }
    require(isBuilt, "\(name): isBuilt is false behind build(inputShape:using:)")
  }

  /// Traps where ``forward(_:_:)`` gave another shape than ``outputShape(for:)`` said.
  func requireResult(_ output: Tensor<Scalar>, batch: Int, _ sampleShape: [Int], _ name: @autoclosure () -> String) {
    require(
      output.layout.isBatch(of: sampleShape) && output.layout.shape[0] == batch,
      "\(name()): forward gave the shape \(output.shape), expected is \([batch] + sampleShape) by outputShape")
  }

  private var storedWeightNames: [String] {
    var names: [String] = []
    var mirror: Mirror? = Mirror(reflecting: self)
    while let current = mirror {
      for (_, value) in current.children {
        switch value {
        case let weight as Weight<Scalar>: names.append(weight.name)
        case let weights as [Weight<Scalar>]: names += weights.map { $0.name }
        // Not `any Layer<Scalar>`: asking whether a value is that takes longer, and most of it again each time.
        case let layer as any Layer: names += layer.weightNames(of: Scalar.self)
        case let layers as [any Layer]: names += layers.flatMap { $0.weightNames(of: Scalar.self) }
        default: break
        }
      }
      mirror = current.superclassMirror
    }
    return names
  }

  private func weightNames(of type: Any.Type) -> [String] { Scalar.self == type ? weights.map { $0.name } : [] }
}

extension Layout {
  /// Whether it is that of a batch of samples of this shape.
  func isBatch(of sampleShape: [Int]) -> Bool {
    guard shape.count == sampleShape.count + 1 else { return false }
    for axis in sampleShape.indices where shape[axis + 1] != sampleShape[axis] { return false }
    return true
  }
}
