import Tensor

/// An input or an output of a model.
public struct ModelTensor: Hashable, Sendable {
  /// The name of an input, or, for an output, of the layer that computes it, unless the model's file names its outputs.
  public let name: String
  /// The shape of a sample, without the batch axis, with `nil` for arbitrary lengths; `nil` if the model does not know
  /// it.
  public let shape: [Int?]?
}

extension ModelTensor: CustomStringConvertible {
  /// The name and the shape in Keras's notation: `left (None, 64)`.
  public var description: String { "\(name) \(shape.map(kerasDescription) ?? "?")" }
}

/// A batch's shape in Keras's notation.
package func kerasDescription(ofSampleShape shape: [Int?]) -> String {
  let lengths = ["None"] + shape.map { $0.map { "\($0)" } ?? "None" }
  return "(\(lengths.joined(separator: ", "))\(shape.isEmpty ? "," : ""))"
}

extension Model {
  /// The inputs, in the order of arrays of inputs.
  public var inputs: [ModelTensor] {
    let shapes = graph.declaredShapes ?? graph.inputShapes
    return graph.inputNames.enumerated().map { ModelTensor(name: $1, shape: shapes?[$0]) }
  }

  /// The outputs, in the order of arrays of outputs.
  public var outputs: [ModelTensor] {
    let shapes = graph.freeShapes
    let names = graph.outputNames ?? graph.outputs.map(graph.name(ofTensor:))
    return zip(graph.outputs, names).map { ModelTensor(name: $1, shape: shapes?[$0]) }
  }
}

extension Graph {
  /// The shapes of a sample's tensors, with `nil` for lengths that depend on arbitrary input lengths; `nil` if they are
  /// not known.
  package var freeShapes: [[Int?]]? {
    guard let inputs = declaredShapes ?? inputShapes else { return nil }
    func found(atLength length: Int) -> [[Int]]? { try? shapes(for: inputs.map { $0.map { $0 ?? length } }) }
    if inputs.allSatisfy({ !$0.contains(nil) }) { return found(atLength: 1) }
    // A length is not fixed if another input changes it.
    for length in Self.trialLengths {
      guard let first = found(atLength: length), let second = found(atLength: 2 * length) else { continue }
      return zip(first, second).map { zip($0, $1).map { $0 == $1 ? $0 : nil } }
    }
    return nil
  }

  /// The declared input shapes with arbitrary lengths that the layers accept: windows need some length, and layers that
  /// accept only some lengths accept those with many divisors.
  var acceptedShapes: [[Int]]? {
    guard let declaredShapes else { return nil }
    if declaredShapes.allSatisfy({ !$0.contains(nil) }) { return declaredShapes.map { $0.compactMap(\.self) } }
    let shapes = Self.trialLengths.map { length in declaredShapes.map { $0.map { $0 ?? length } } }
    return shapes.first { (try? self.shapes(for: $0)) != nil } ?? shapes[0]
  }

  /// Lengths for arbitrary ones.
  private static var trialLengths: [Int] { [1, 60, 5040, 1024] }

  /// The name of the input or layer that provides a tensor.
  func name(ofTensor tensor: Int) -> String {
    producer(of: tensor).map { stages[$0.stage].name } ?? inputNames[tensor]
  }

  /// Whether the layers form a chain from one input to one output, each used once.
  var isChain: Bool {
    guard inputCount == 1, nodes.count == stages.count, outputs == [nodes.count] else { return false }
    return nodes.indices.allSatisfy { nodes[$0].inputs == [$0] }
  }
}
