import KerasFormat
import Layers
import Tensor

/// Describes a model; computes with it and trains it for a step where that is little work. What does not fit throws, and is passed
/// over.
func use<Scalar: RealScalar>(_ given: Model<Scalar>) {
  var model = given
  _ = model.summary() + "\(model)" + model.stages.map(\.description).joined()
  guard isSmall(model) else { return }
  try? compute(&model)
}

private func compute<Scalar: RealScalar>(_ model: inout Model<Scalar>) throws {
  var generator = PhiloxGenerator(seed: 1)
  if !model.isBuilt { try model.build(using: &generator) }
  let inputs = model.inputs.map { input in
    Tensor<Scalar>.uniform([2] + input.shape!.map { $0 ?? 1 }, in: 0..<1, using: &generator)
  }
  let outputs = try model(inputs)
  if model.compilation == nil { return }
  _ = try model.fit(inputs, outputs, options: TrainingOptions { $0.progress = .none }, using: &generator)
}

/// Whether the outputs of all layers are small, and so their weights; not where their shapes are not known.
private func isSmall(_ model: Model<some RealScalar>) -> Bool {
  // The second column: (None, 3, 4), or a question mark.
  let shapes = model.summary().split(separator: "\n").compactMap { row -> Substring? in
    let cells = row.split(separator: "│")
    return cells.count >= 3 ? cells[1] : nil
  }
  return model.inputs.allSatisfy { $0.shape != nil }
    && shapes.allSatisfy { shape in
      !shape.contains("?")
        && shape.split { !$0.isNumber }.reduce(1.0) { $0 * (Double($1) ?? .infinity) } <= 1000
    }
}
