import Foundation
import ModelFiles

// The contents of a file, for people and for programs.

extension FileInfo {
  func text(_ style: TextStyle) -> String {
    var parts = [
      style.bold(path.onOneLine) + "  "
        + "\(format?.title ?? "architecture of a model (JSON)"), \(grouped(byteCount)) bytes"
    ]
    if !metadata.isEmpty {
      parts.append(
        metadata.sorted { $0.key < $1.key }.map { "\($0.key.onOneLine): \($0.value.onOneLine)" }.joined(separator: "\n")
      )
    }
    if let model {
      parts.append(model.summary.trimmingCharacters(in: .newlines))
      parts.append("inputs   \(ports(model.inputs))\noutputs  \(ports(model.outputs))")
      if let compilation = model.compilation { parts.append("compiled with \(compilation)") }
      if !model.notes.isEmpty { parts.append(model.notes.map { "note: \($0)" }.joined(separator: "\n")) }
    }
    if let obstacle { parts.append("The model cannot be created: \(obstacle)") }
    if !tensors.isEmpty { parts.append(table.text(style)) }
    return parts.joined(separator: "\n\n")
  }

  private func ports(_ ports: [ModelInfo.Port]) -> String {
    ports.map { port in
      guard let shape = port.shape else { return port.name.onOneLine }
      let lengths = ["None"] + shape.map { $0.map(String.init) ?? "None" }
      return port.name.onOneLine + " (" + lengths.joined(separator: ", ") + ")"
    }.joined(separator: ", ")
  }

  private var table: TextTable {
    let hasStatistics = tensors.contains { $0.statistics != nil }
    var columns: [TextTable.Column] = [.init(title: "Tensor"), .init(title: "Shape"), .init(title: "Type")]
    if hasStatistics {
      columns += ["Min", "Max", "NaN", "Infinite"].map { TextTable.Column(title: $0, isNumber: true) }
    }
    var table = TextTable(columns)
    for tensor in tensors { table.add(tensor.cells(hasStatistics: hasStatistics)) }
    return table
  }
}

extension TensorInfo {
  /// NumPy's name, or the file's if tensors do not have the type.
  fileprivate var type: String { description.type?.name ?? description.typeName }

  fileprivate func cells(hasStatistics: Bool) -> [String] {
    let cells = [description.name.onOneLine, "\(description.shape)", type]
    if !hasStatistics { return cells }
    guard let statistics else { return cells + ["", "", "", ""] }
    return cells + [
      statistics.minimum.map(\.short) ?? "", statistics.maximum.map(\.short) ?? "", "\(statistics.nanCount)",
      "\(statistics.infiniteCount)",
    ]
  }
}

extension FileFormat {
  fileprivate var title: String {
    switch self {
    case .npy: "NumPy array"
    case .npz: "NumPy archive"
    case .safetensors: "safetensors"
    case .keras: "Keras model"
    case .hdf5: "HDF5"
    }
  }
}

extension FileInfo: Encodable {
  private enum CodingKeys: String, CodingKey {
    case file, format, bytes, metadata, model, obstacle, tensors
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(path, forKey: .file)
    try container.encode(format?.rawValue ?? "json", forKey: .format)
    try container.encode(byteCount, forKey: .bytes)
    try container.encode(metadata, forKey: .metadata)
    try container.encodeIfPresent(model, forKey: .model)
    try container.encodeIfPresent(obstacle, forKey: .obstacle)
    try container.encode(tensors, forKey: .tensors)
  }
}

extension ModelInfo: Encodable {
  private enum CodingKeys: String, CodingKey {
    case layers, inputs, outputs, notes
    case className = "class_name"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(notes, forKey: .notes)
    try container.encode(className, forKey: .className)
    try container.encode(inputs, forKey: .inputs)
    try container.encode(outputs, forKey: .outputs)
    try container.encode(layers, forKey: .layers)
  }
}

extension TensorInfo: Encodable {
  private enum CodingKeys: String, CodingKey {
    case name, shape, type, bytes, min, max, nan, infinite
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(description.name, forKey: .name)
    try container.encode(description.shape, forKey: .shape)
    try container.encode(type, forKey: .type)
    try container.encode(description.byteCount, forKey: .bytes)
    guard let statistics else { return }
    try container.encodeIfPresent(statistics.minimum, forKey: .min)
    try container.encodeIfPresent(statistics.maximum, forKey: .max)
    try container.encode(statistics.nanCount, forKey: .nan)
    try container.encode(statistics.infiniteCount, forKey: .infinite)
  }
}
