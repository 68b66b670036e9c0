import Foundation
import ModelFiles
import Readers
import Testing

/// Some of what Scripts/mutate tries for longer, with limits of time and memory.
struct MutatedFileTests {
  private static func seeds(_ reader: Reader) throws -> [[UInt8]] {
    let ending: String
    switch reader {
    case .npy:
      let x = Tensor<Float>.ones([3, 4])
      return [x.npyBytes, x.cast(to: Int64.self).npyBytes, x.npyBytes(fortranOrder: true), (x .> 0).npyBytes]
    case .npz: ending = ".npz"
    case .safetensors: ending = ".safetensors"
    case .hdf5, .legacy: ending = ".h5"
    case .keras, .configuration: ending = ".keras"
    case .weights: ending = ".weights.h5"
    }
    let folder = TensorFixture.folder.path
    let names = FileManager.default.enumerator(atPath: folder)!.compactMap { $0 as? String }.sorted()
    let files = try names.filter { $0.hasSuffix(ending) }.map { try fileBytes(folder + "/" + $0) }
    return files.filter { $0.count < 24_000 }
  }

  @Test(arguments: Reader.allCases) func `files that are changed at random are read or refused`(_ reader: Reader) async
  {
    await #expect(processExitsWith: .success) { [name = reader.rawValue as String] in
      let reader = try #require(Reader(rawValue: name))
      let mutation = Mutation(reader, try Self.seeds(reader))
      for seed in 0..<300 as Range<UInt64> { reader.read(mutation.input(seed: seed)) }
    }
  }
}
