import Foundation
import KerasFormat
import Layers
import ModelFiles
import Tensor

/// The contents of a file of tensors or a model.
struct FileInfo {
  let path: String
  /// `nil` for an architecture in JSON.
  let format: FileFormat?
  let byteCount: Int
  let metadata: [String: String]
  let model: ModelInfo?
  /// The reason why the model in the file cannot be created.
  let obstacle: String?
  let tensors: [TensorInfo]

  /// - Parameter readsElements: whether elements are read, or only headers.
  init(_ path: String, readsElements: Bool) throws {
    if isArchitecture(path) {
      self.path = path
      format = nil
      byteCount = Self.byteCount(path)
      (metadata, obstacle, tensors) = ([:], nil, [])
      model = ModelInfo(try openModel(path, compile: true))
      return
    }
    let file = try openTensorFile(path)
    let format = file.format
    self.path = path
    self.format = format
    byteCount = Self.byteCount(path)
    metadata = file.metadata
    tensors = try file.tensors.map { description in
      guard readsElements, description.type != nil else { return TensorInfo(description, nil) }
      let tensor = try Self.mapped(path, format, description) ?? Self.read(description, file)
      return TensorInfo(description, TensorStatistics(tensor))
    }
    guard file.holdsModel else {
      (model, obstacle) = (nil, nil)
      return
    }
    do {
      (model, obstacle) = (ModelInfo(try readModel(from: path, as: Float.self)), nil)
    } catch {
      (model, obstacle) = (nil, "\(error)")
    }
  }

  private static func byteCount(_ path: String) -> Int {
    (try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int) ?? 0
  }

  /// Integers outside the range of tensors are read as real numbers, which their statistics reflect.
  private static func read(_ description: TensorDescription, _ file: any TensorFile) throws -> AnyTensor {
    guard description.type == .uint64 else { return try file.anyTensor(description.name) }
    return .double(try file.tensor(description.name, converting: true))
  }

  /// Maps a .npy file, which may be larger than memory.
  private static func mapped(
    _ path: String, _ format: FileFormat, _ description: TensorDescription
  ) throws -> AnyTensor? {
    guard format == .npy else { return nil }
    switch description.type {
    case .float32: return (try? Tensor<Float>(mapping: path)).map { AnyTensor($0) }
    case .float64: return (try? Tensor<Double>(mapping: path)).map { AnyTensor($0) }
    default: return nil
    }
  }
}

/// A tensor of a file.
struct TensorInfo {
  let description: TensorDescription
  let statistics: TensorStatistics?

  init(_ description: TensorDescription, _ statistics: TensorStatistics?) {
    self.description = description
    self.statistics = statistics
  }
}

/// A model's layers.
struct ModelInfo {
  struct Layer: Encodable {
    let name: String
    let className: String
    /// The shape of a sample, with null for arbitrary lengths; `nil` if it is not known.
    let outputShape: [Int?]?
    let parameters: Int
    /// The kernel's shape; `nil` for a layer without one.
    let kernel: [Int]?
    /// The multiplications by kernels for a sample; `nil` if the shapes are not known.
    let multiplications: Int?
    let bytes: Int

    private enum CodingKeys: String, CodingKey {
      case name, parameters, kernel, multiplications, bytes
      case className = "class_name"
      case outputShape = "output_shape"
    }
  }

  /// An input or an output.
  struct Port: Encodable {
    let name: String
    /// The shape of a sample, with null for arbitrary lengths; `nil` if it is not known.
    let shape: [Int?]?

    init(_ tensor: ModelTensor) { (name, shape) = (tensor.name, tensor.shape) }
  }

  let className: String
  let inputs: [Port]
  let outputs: [Port]
  let layers: [Layer]
  let summary: String
  let compilation: String?
  /// The parts that were not read.
  let notes: [String]

  init(_ given: Model<Float>) {
    var model = given
    // Only shapes, so that an architecture has these numbers too.
    if !model.isBuilt { try? model.placeWeights() }
    className = model.className
    inputs = model.inputs.map { Port($0) }
    outputs = model.outputs.map { Port($0) }
    layers = zip(zip(model.stages, model.layerOutputShapes), model.layerCosts).map { layer, cost in
      let (stage, shape) = layer
      return Layer(
        name: stage.name, className: stage.layer.className, outputShape: shape,
        parameters: stage.layer.weights.map(\.value.count).reduce(0, +), kernel: cost.kernel,
        multiplications: cost.multiplications, bytes: cost.bytes)
    }
    summary = model.summary(showsCosts: true)
    notes = model.notes
    compilation = model.compilation.map { compilation in
      let outputs = zip(model.outputs, compilation.objectives).map { output, objective in
        (compilation.objectives.count > 1 ? "\(output.name): " : "") + objective.text
      }
      return "optimizer \(compilation.optimizer.optimizer.name), " + outputs.joined(separator: "; ")
    }
  }
}

extension Objective {
  /// The text: the loss, its weight if it is not 1, and the metrics.
  fileprivate var text: String {
    guard let loss else { return "no loss" }
    let metrics = (metrics + weightedMetrics).map(\.name).joined(separator: ", ")
    return "loss \(loss)" + (weight == 1 ? "" : " · \(weight)") + (metrics.isEmpty ? "" : ", metrics \(metrics)")
  }
}
