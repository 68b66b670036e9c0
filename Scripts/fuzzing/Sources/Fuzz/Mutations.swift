import Activations
import KerasFormat
import Layers
import Readers

// What libFuzzer's own mutations seldom come by: archives with right checksums, and JSON that is changed as a tree.

@_silgen_name("LLVMFuzzerMutate")
private func mutate(_ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ limit: Int) -> Int

@c(LLVMFuzzerCustomMutator)
public func customMutator(
  _ data: UnsafeMutablePointer<UInt8>, _ size: Int, _ limit: Int, _ seed: UInt32
) -> Int {
  var generator = PhiloxGenerator(seed: UInt64(seed))
  let bytes = UnsafeMutableBufferPointer(start: data, count: limit)
  if reader == .configuration, generator.next() % 4 != 0, let tree = try? Configuration(json: Array(bytes[..<size])) {
    let changed = Array(tree.changed(using: &generator).json.utf8)
    if changed.count <= limit {
      for (i, byte) in changed.enumerated() { bytes[i] = byte }
      return changed.count
    }
  }
  let count = mutate(data, size, limit)
  if reader == .npz || reader == .keras, generator.next() % 8 != 0 {
    repairChecksums(UnsafeMutableBufferPointer(rebasing: bytes[..<count]))
  }
  return count
}
