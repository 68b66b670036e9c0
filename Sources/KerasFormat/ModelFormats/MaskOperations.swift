import Activations
import Layers
import Tensor

/// The functions that Keras 3 writes into functional models for masks: they combine masks of `Masking` and `Embedding`
/// layers, and
/// their results are passed to layers as `mask`. Here, tensors carry their masks, so these functions are omitted.
struct MaskOperations {
  private var names: Set<ExactName> = []
  private var omitted: Set<ExactName> = []

  /// Finds them among the layers of a model. Functions whose input is not from such layers are not included.
  init(_ entries: [LayerEntry], of model: LayerEntry) {
    var operations: [(entry: LayerEntry, arguments: [Configuration])] = []
    var maskings: [(value: Configuration, input: TensorReference)] = []
    for entry in entries {
      for node in entry.inboundNodes {
        let arguments = (node["args"]?.asList ?? []).flatMap { $0.asList ?? [$0] }
        if entry.isOperation && Self.classNames.contains(entry.className) {
          if entry.inboundNodes.count == 1 { operations.append((entry, arguments)) }
        } else if let value = entry.maskedValue, let input = arguments.first.flatMap(TensorReference.init(tensor:)) {
          maskings.append((value, input))
        }
      }
    }
    // Operations follow those whose results they take, but need not stand behind them.
    var isComplete = false
    while !isComplete {
      let found = operations.filter { entry, arguments in
        switch entry.className {
        case "ZerosLike", "OnesLike": true
        case "NotEqual":
          arguments.count == 2
            && maskings.contains {
              $0.input == TensorReference(tensor: arguments[0]) && $0.value.asNumber == arguments[1].asNumber
            }
        default:
          arguments.allSatisfy { argument in
            TensorReference(tensor: argument).map { names.contains(ExactName($0.layer)) } ?? false
          }
        }
      }
      isComplete = found.count == names.count
      names = Set(found.map { ExactName($0.entry.referenceName) })
    }
    if names.isEmpty { return }
    // Those whose results are needed as tensors are computed.
    omitted = names
    var needed = TensorReference.all(in: model.config["output_layers"] ?? .null)?.map { ExactName($0.layer) } ?? []
    needed += entries.filter { !names.contains(ExactName($0.referenceName)) }.flatMap(\.inputNames)
    let inputs = Dictionary(operations.map { (ExactName($0.entry.referenceName), $0.entry.inputNames) }) { $1 }
    while let name = needed.popLast() {
      if omitted.remove(name) != nil { needed += inputs[name] ?? [] }
    }
  }

  private static let classNames: Set = [
    "NotEqual", "Any", "LogicalOr", "ExpandDims", "ZerosLike", "OnesLike", "Concatenate",
  ]

  /// Whether the entry computes nothing but a mask.
  func contains(_ entry: LayerEntry) -> Bool { entry.isOperation && omitted.contains(ExactName(entry.referenceName)) }

  /// Whether a mask passed to a layer is the result of one of them.
  func give(_ mask: TensorReference) -> Bool { names.contains(ExactName(mask.layer)) }
}

extension LayerEntry {
  /// The layers whose results its calls take by their positions.
  fileprivate var inputNames: [ExactName] {
    inboundNodes.flatMap { node in
      (node["args"]?.asList ?? []).flatMap { $0.asList ?? [$0] }.compactMap(TensorReference.init(tensor:))
    }.map { ExactName($0.layer) }
  }

  /// The input's number that a layer masks; `nil` for layers that make no mask.
  fileprivate var maskedValue: Configuration? {
    switch builtInName {
    case "Masking": config["mask_value"] ?? 0
    case "Embedding" where config["mask_zero"] == true: 0
    default: nil
    }
  }
}
