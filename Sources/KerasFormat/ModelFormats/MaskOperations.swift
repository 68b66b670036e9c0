import Activations
import Layers
import Tensor

/// The functions that Keras 3 writes into functional models for masks: they combine masks of `Masking` and `Embedding`
/// layers, and
/// their results are passed to layers as `mask`. Here, tensors carry their masks, so these functions are omitted.
struct MaskOperations {
  private let names: Set<ExactName>

  /// Finds them among the layers of a model. Functions whose input is not from such layers are not included.
  init(_ entries: [LayerEntry] = []) {
    var operations: [(entry: LayerEntry, arguments: [Configuration])] = []
    var maskings: [(value: Configuration, input: TensorReference)] = []
    for entry in entries {
      guard let node = entry.inboundNodes.first, entry.inboundNodes.count == 1 else { continue }
      let arguments = (node["args"]?.asList ?? []).flatMap { $0.asList ?? [$0] }
      if entry.isOperation && Self.classNames.contains(entry.className) {
        operations.append((entry, arguments))
      } else if let value = entry.maskedValue, let input = arguments.first.flatMap(TensorReference.init(tensor:)) {
        maskings.append((value, input))
      }
    }
    let candidates = Set(operations.map { ExactName($0.entry.referenceName) })
    names = Set(
      operations.filter { entry, arguments in
        switch entry.className {
        case "ZerosLike", "OnesLike": true
        case "NotEqual":
          arguments.count == 2
            && maskings.contains {
              $0.input == TensorReference(tensor: arguments[0]) && $0.value.asNumber == arguments[1].asNumber
            }
        default:
          arguments.allSatisfy { argument in
            TensorReference(tensor: argument).map { candidates.contains(ExactName($0.layer)) } ?? false
          }
        }
      }.map { ExactName($0.entry.referenceName) })
  }

  private static let classNames: Set = [
    "NotEqual", "Any", "LogicalOr", "ExpandDims", "ZerosLike", "OnesLike", "Concatenate",
  ]

  func contains(_ entry: LayerEntry) -> Bool { entry.isOperation && names.contains(ExactName(entry.referenceName)) }

  /// Whether a mask passed to a layer is the result of one of them.
  func give(_ mask: TensorReference) -> Bool { names.contains(ExactName(mask.layer)) }
}

extension LayerEntry {
  /// The input's number that a layer masks; `nil` for layers that make no mask.
  fileprivate var maskedValue: Configuration? {
    switch builtInName {
    case "Masking": config["mask_value"] ?? 0
    case "Embedding" where config["mask_zero"] == true: 0
    default: nil
    }
  }
}
