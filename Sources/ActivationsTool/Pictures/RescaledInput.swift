import Layers
import Tensor

extension Model {
  /// Whether a layer in front of the first weights changes the range of values.
  var rescalesInput: Bool { firstRescaling ?? false }

  /// `nil` if the model has neither such a layer nor weights.
  private var firstRescaling: Bool? {
    for node in graph.nodes {
      let layer = graph.stages[node.stage].layer
      if layer.rescales { return true }
      if let model = layer as? Model<Scalar> {
        if let found = model.firstRescaling { return found }
      } else if !layer.weights.isEmpty {
        return false
      }
    }
    return nil
  }
}

extension Layer {
  fileprivate var rescales: Bool {
    // Such as x / 255.
    if let operation = self as? OperationLayer<Scalar> { return operation.operands.contains { $0 != .tensor } }
    return self is Rescaling<Scalar> || self is Normalization<Scalar> || self is BatchNormalization<Scalar>
  }
}
