import Activations
import Foundation
import KerasFormat
import Layers
import ModelFiles

/// Whether all layers of a model are known.
struct LayerSupport {
  let path: String
  let unknown: UnknownLayers?

  /// - Throws: an error that says what else keeps the model from being created.
  init(_ path: String) throws {
    self.path = path
    unknown =
      isArchitecture(path)
      ? try KerasFormat.unknownLayers(configuration: architecture(path), registry: LayerRegistry<Float>())
      : try unknownLayers(inModel: path)
    if unknown == nil { let _: Model<Float> = try openModel(path, compile: false) }
  }

  func text(_ style: TextStyle) -> String {
    guard let unknown else { return "\(style.bold(path.onOneLine))  all layers are supported" }
    var table = TextTable([
      .init(title: "Not supported"), .init(title: "Times", isNumber: true), .init(title: "Remedy"),
    ])
    for entry in unknown.entries { table.add([entry.name.onOneLine, "\(entry.count)", entry.remedy]) }
    return style.bold(path.onOneLine) + "\n\n" + table.text(style)
  }
}

extension LayerSupport: Encodable {
  private struct Layer: Encodable {
    let name: String
    let count: Int
    let origin: String
    let remedy: String
  }

  private enum CodingKeys: String, CodingKey { case file, unsupported }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(path, forKey: .file)
    let layers = (unknown?.entries ?? []).map {
      Layer(name: $0.name, count: $0.count, origin: $0.origin.rawValue, remedy: $0.remedy)
    }
    try container.encode(layers, forKey: .unsupported)
  }
}
