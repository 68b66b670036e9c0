import Tensor

/// The machine's memory in bytes.
package let physicalMemory = MachineMemory.byteCount

/// Whether this number of bytes exceeds the machine's memory.
package func exceedsMemory(_ bytes: Int) -> Bool {
  // Small sizes need no system call: every machine has this much memory.
  bytes > 1 << 24 && bytes > physicalMemory
}

/// A number, or the greatest one where it cannot be represented: of elements, more than any memory has.
func saturated(_ result: (partialValue: Int, overflow: Bool)) -> Int { result.overflow ? .max : result.partialValue }

/// Small enough that sums of lengths can be counted on any machine.
private let greatestSample = 1 << 43

extension RealScalar {
  /// The largest finite number, as a parameter's limit.
  package static var largestNumber: Double { Double(greatestFiniteMagnitude) }

  /// A description of the permitted sample shapes if `shape` is not one of them: a tensor must be able to contain a
  /// batch, and the machine's memory a single sample.
  package static func mismatch(withSampleShape shape: [Int]) -> String? {
    let rank = Tensor<Self>.maximumRank - 1
    guard shape.count <= rank else { return "of at most \(rank) axes after the batch" }
    let size = MemoryLayout<Self>.stride
    if let count = Layout.resolvedCount(shape), count <= greatestSample / size, !exceedsMemory(count * size) {
      return nil
    }
    let limit = min(physicalMemory, greatestSample) / size
    return "whose samples have at most \(limit) elements, for which the machine has memory"
  }

  /// Throws if no tensor can contain the layer's output for a batch, or the machine's memory not that of a single
  /// sample.
  package static func requireSampleShape(_ shape: [Int], _ layer: @autoclosure () -> String) throws(LayerError) {
    guard let expected = mismatch(withSampleShape: shape) else { return }
    throw .outputShape(layer: layer(), expected: "one \(expected)", found: batchDescription(shape))
  }
}

/// The index of an element in a tensor of a shape, from its position in row-major order.
func position(ofElement flat: Int, in shape: [Int]) -> [Int] {
  var rest = flat
  return shape.reversed().map { length in
    defer { rest /= length }
    return rest % length
  }.reversed()
}
