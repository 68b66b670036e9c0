internal import Foundation

/// How many elements a tensor of this shape has; nil where that cannot be counted.
func elementCount(_ shape: [Int]) -> Int? {
  var count = 1
  for length in shape {
    let (product, overflow) = count.multipliedReportingOverflow(by: length)
    if overflow { return nil }
    count = product
  }
  return count
}

/// In bytes.
let physicalMemory = Int(clamping: ProcessInfo.processInfo.physicalMemory)

/// Few enough for sums of lengths to be counted, on machines of any size.
private let greatestSample = min(physicalMemory, 1 << 43)

extension RealScalar {
  /// Throws where a single sample of a layer's output would not fit into the machine's memory.
  static func requireMemory(forSampleOf shape: [Int], _ layer: @autoclosure () -> String) throws {
    let limit = greatestSample / MemoryLayout<Self>.stride
    guard let count = elementCount(shape), count <= limit else {
      throw LayerError.outputShape(
        layer: layer(), expected: "one whose samples have at most \(limit) elements, for which the machine has memory",
        found: batchDescription(shape))
    }
  }
}
