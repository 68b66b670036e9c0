import Tensor

/// In bytes.
package let physicalMemory = MachineMemory.byteCount

/// Whether something of so many bytes is more than the machine has.
package func exceedsMemory(_ bytes: Int) -> Bool {
  // What every machine has is not worth asking the system for its limits.
  bytes > 1 << 24 && bytes > physicalMemory
}

/// Few enough for sums of lengths to be counted, on machines of any size.
private let greatestSample = 1 << 43

extension RealScalar {
  /// As a parameter.
  package static var largestNumber: Double { Double(greatestFiniteMagnitude) }

  /// What the shapes of samples are, where this is none: a batch of them has to be a tensor, and a single one to fit into the
  /// machine's memory.
  package static func mismatch(withSampleShape shape: [Int]) -> String? {
    let rank = Tensor<Self>.maximumRank - 1
    guard shape.count <= rank else { return "of at most \(rank) axes behind the batch" }
    let size = MemoryLayout<Self>.stride
    if let count = Layout.resolvedCount(shape), count <= greatestSample / size, !exceedsMemory(count * size) {
      return nil
    }
    let limit = min(physicalMemory, greatestSample) / size
    return "whose samples have at most \(limit) elements, for which the machine has memory"
  }

  /// Throws where no tensor can hold a layer's output, or the machine no single sample of it.
  package static func requireSampleShape(_ shape: [Int], _ layer: @autoclosure () -> String) throws(LayerError) {
    guard let expected = mismatch(withSampleShape: shape) else { return }
    throw .outputShape(layer: layer(), expected: "one \(expected)", found: batchDescription(shape))
  }
}

/// Where an element stands in a tensor of a shape, by its place in row-major order.
func position(ofElement flat: Int, in shape: [Int]) -> [Int] {
  var rest = flat
  return shape.reversed().map { length in
    defer { rest /= length }
    return rest % length
  }.reversed()
}
