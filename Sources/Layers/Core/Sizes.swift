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

/// More elements than a sample has anywhere, and few enough for sums of them to be counted.
private let greatestSample = 1 << 40

/// Throws where a layer's samples are so large that arithmetic on their lengths would overflow.
func requireCountable(_ shape: [Int], _ layer: @autoclosure () -> String) throws {
  guard let count = elementCount(shape), count <= greatestSample else {
    throw LayerError.inputShape(
      layer: layer(), expected: "one whose samples have at most 2^40 elements", found: batchDescription(shape))
  }
}

/// In bytes.
let physicalMemory = Int(clamping: ProcessInfo.processInfo.physicalMemory)
