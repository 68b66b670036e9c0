import Tensor

// Axes of layers are counted with the batch axis, which is 0; negative ones from the last.

extension Layer {
  /// Axes behind the batch axis, counted from the front, in ascending order.
  /// - Throws: ``LayerError/inputShape(layer:expected:found:)`` where there is no such axis, or one is named twice.
  func axes(_ axes: [Int], of inputShape: [Int]) throws -> [Int] {
    let rank = inputShape.count + 1
    let resolved = axes.map { $0 < 0 ? $0 + rank : $0 }.sorted()
    guard resolved.allSatisfy({ (1..<rank).contains($0) }), Set(resolved).count == resolved.count else {
      let expected = axes.count == 1 ? "one with the axis \(axes[0])" : "one with the axes \(axes), all different"
      throw unexpectedShape(expected, inputShape)
    }
    return resolved
  }

  /// How many elements a sample has.
  func count(ofSample inputShape: [Int]) throws(LayerError) -> Int {
    guard let count = Layout.resolvedCount(inputShape) else {
      throw unexpectedShape("one of no more elements than can be counted", inputShape)
    }
    return count
  }

  func unexpectedShape(_ expected: String, _ inputShape: [Int]) -> LayerError {
    .inputShape(layer: className, expected: expected, found: batchDescription(inputShape))
  }
}

/// Traps for the batch axis.
func requireBehindBatch(_ axes: [Int], _ layer: String, file: StaticString = #fileID, line: UInt = #line) {
  require(
    !axes.contains(0),
    "\(layer): the axes are \(axes), allowed are axes from 1 on and negative ones: 0 is the batch axis", file: file,
    line: line)
}

extension Axes {
  /// The axes as they were given.
  func listed(for layer: String, file: StaticString = #fileID, line: UInt = #line) -> [Int] {
    guard let list else {
      trap("\(layer): the axes are all, allowed are an axis and a list of axes", file: file, line: line)
    }
    return list
  }
}

extension Tensor {
  /// A weight of the given axes of a tensor, counted from the front, in a shape that broadcasts to that tensor's.
  func along(_ axes: [Int], rank: Int) -> Tensor {
    if axes == Array((rank - axes.count)..<rank) { return self }
    var lengths = [Int](repeating: 1, count: rank)
    for (axis, length) in Swift.zip(axes, shape) { lengths[axis] = length }
    return reshaped(lengths)
  }
}
