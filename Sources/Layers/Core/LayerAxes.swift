import Tensor

// A layer's axes are numbered from the batch axis, which is 0; negative numbers count from the last axis.

extension Layer {
  /// Axes after the batch axis, numbered from the front, in ascending order.
  /// - Throws: ``LayerError/inputShape(layer:expected:found:)`` if an axis does not exist or occurs twice.
  func axes(_ axes: [Int], of inputShape: [Int]) throws -> [Int] {
    let rank = inputShape.count + 1
    let resolved = axes.map { $0 < 0 ? $0 + rank : $0 }.sorted()
    guard resolved.allSatisfy({ (1..<rank).contains($0) }), Set(resolved).count == resolved.count else {
      let expected = axes.count == 1 ? "one with the axis \(axes[0])" : "one with the axes \(axes), all different"
      throw unexpectedShape(expected, inputShape)
    }
    return resolved
  }

  /// Throws unless samples have so many axes.
  func requireAxes(_ count: Int, _ inputShape: [Int]) throws(LayerError) {
    if inputShape.count != count { throw unexpectedShape("one with \(count) axes after the batch", inputShape) }
  }

  /// The number of elements of a sample.
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

/// Stops the program if the axes include the batch axis.
func requireBehindBatch(_ axes: [Int], _ layer: String, file: StaticString = #fileID, line: UInt = #line) {
  require(
    !axes.contains(0),
    "\(layer): the axes are \(axes); allowed: axes of at least 1 and negative ones: 0 is the batch axis", file: file,
    line: line)
}

extension Axes {
  /// The axes as they were given.
  func listed(for layer: String, file: StaticString = #fileID, line: UInt = #line) -> [Int] {
    guard let list else {
      trap("\(layer): the axes are all; allowed: an axis and a list of axes", file: file, line: line)
    }
    return list
  }
}

extension Tensor {
  /// A weight along the given axes, numbered from the front, reshaped so that it broadcasts to a tensor of the rank.
  func along(_ axes: [Int], rank: Int) -> Tensor {
    if axes == Array((rank - axes.count)..<rank) { return self }
    var lengths = [Int](repeating: 1, count: rank)
    for (axis, length) in Swift.zip(axes, shape) { lengths[axis] = length }
    return reshaped(lengths)
  }
}
