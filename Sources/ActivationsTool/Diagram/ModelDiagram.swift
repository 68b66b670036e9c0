import Activations
import KerasFormat
import Layers
import Tensor

/// The boxes of a model's layers and the arrows between them.
///
/// A layer that is used at several places is one box, unless arrows would then form a cycle. A nested model is a box
/// with a diagram of its own, whose inputs and outputs are ports: places at the frame's upper and lower sides.
struct ModelDiagram {
  struct Box {
    enum Kind { case input, multiplication, weights, joint, plain, model, port }

    let kind: Kind
    /// The layer's name in the model.
    var name = ""
    var className = ""
    /// Keras's name; empty for the identity.
    var activation = ""
    /// The shapes of the outputs, as in Keras's summary.
    var shape = ""
    /// The layer with its arguments and the number of its weights.
    var description = ""
    var isOutput = false
    var inner: ModelDiagram?
  }

  /// The inputs, the layers, and, in a nested model, the outputs.
  private(set) var boxes: [Box] = []
  private(set) var arrows: [Arrow] = []
  let inputs: Range<Int>
  /// The ports of a nested model's outputs.
  let outputs: Range<Int>

  init(_ model: Model<Float>) { self.init(model.graph, isNested: false) }

  private init(_ graph: Graph<Float>, isNested: Bool) {
    let shapes = graph.freeShapes
    inputs = 0..<graph.inputCount
    for (index, name) in graph.inputNames.enumerated() {
      let shape = Self.text(shapes.map { [$0[index]] })
      boxes.append(isNested ? Box(kind: .port) : Box(kind: .input, name: name, className: "InputLayer", shape: shape))
    }
    var uses = LayerUses(graph, isShared: true)
    arrows = uses.arrows
    if LayeredGraph(boxCount: graph.inputCount + uses.nodes.count, arrows) == nil {
      uses = LayerUses(graph, isShared: false)
      arrows = uses.arrows
    }
    boxes += uses.nodes.map { Box($0.map { graph.nodes[$0] }, graph, shapes) }
    let sources = graph.outputs.map { uses.source(of: $0) }
    outputs = boxes.count..<boxes.count + (isNested ? sources.count : 0)
    for (index, source) in sources.enumerated() {
      if isNested {
        arrows.append(Arrow(source: source.box, output: source.output, target: outputs.lowerBound + index, input: 0))
      } else {
        boxes[source.box].isOutput = true
      }
    }
    boxes += outputs.map { _ in Box(kind: .port) }
  }

  /// Different shapes, at most three of them.
  fileprivate static func text(_ shapes: [[Int?]]?) -> String {
    guard let shapes else { return "?" }
    var texts: [String] = []
    for shape in shapes {
      let text = kerasDescription(ofSampleShape: shape)
      if !texts.contains(text) { texts.append(text) }
    }
    return texts.prefix(3).joined(separator: ", ") + (texts.count > 3 ? ", …" : "")
  }
}

extension ModelDiagram.Box {
  /// - Parameter nodes: the uses of one layer.
  fileprivate init(_ nodes: [Graph<Float>.Node], _ graph: Graph<Float>, _ shapes: [[Int?]]?) {
    let stage = graph.stages[nodes[0].stage]
    let layer = stage.layer
    let count = layer.weights.map(\.value.count).reduce(0, +)
    kind =
      layer is Model<Float>
      ? .model
      : layer.kernelShape != nil
        ? .multiplication : nodes[0].inputs.count > 1 ? .joint : count > 0 ? .weights : .plain
    name = stage.name
    className = layer.className + (nodes.count > 1 ? " × \(nodes.count)" : "")
    shape = ModelDiagram.text(shapes.map { shapes in nodes.flatMap { $0.outputs.map { shapes[$0] } } })
    description = "\(stage)" + (count > 0 ? ", \(grouped(count)) weights" : "")
    inner = (layer as? Model<Float>).map { ModelDiagram($0.graph, isNested: true) }
    if let configuration = (layer as? any ConfigurableLayer<Float>)?.layerParameters["activation"] {
      let name = (try? Activation<Float>(configuration: configuration))?.name ?? configuration["class_name"]?.asString
      activation = name == "linear" ? "" : name ?? ""
    }
  }
}
