import Foundation
import ModelFiles
import Tensor
import TestSupport
import Testing

/// A write that does not come to its end leaves the old file whole.
@Suite(.temporaryFolder) struct InterruptedWriteTests {
  enum Writer: String, CaseIterable {
    case npy, npz, compressed, safetensors

    func write(_ x: Tensor<Float>, to path: String) throws {
      switch self {
      case .npy: try x.write(to: path)
      case .npz: try NPZFile.write(["x": x], to: path)
      case .compressed: try NPZFile.write(["x": x], to: path, compressed: true)
      case .safetensors: try SafetensorsFile.write(["x": x], to: path)
      }
    }

    func read(_ path: String) throws -> Tensor<Float> {
      let file = try openTensorFile(path)
      return try file.tensor(file.tensors[0].name)
    }

    /// 16 MB that do not compress.
    static func large() -> Tensor<Float> {
      var generator = PhiloxGenerator(seed: 1)
      return .normal([4_000_000], using: &generator)
    }
  }

  /// The process is killed as soon as there is half a file.
  @Test(arguments: Writer.allCases) func `killed`(_ writer: Writer) async throws {
    let directory = temporaryFolder()
    let path = directory + "/x"
    try writer.write([1, 2, 3], to: path)
    let name = writer.rawValue
    await #expect(processExitsWith: .signal(SIGKILL)) {
      [directory = directory as String, path = path as String, name = name as String] in
      let large = Writer.large()
      Thread.detachNewThread {
        while true {
          for file in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] where file != "x" {
            let size = try? FileManager.default.attributesOfItem(atPath: directory + "/" + file)[.size] as? Int
            if size ?? 0 > 0 { kill(getpid(), SIGKILL) }
          }
        }
      }
      // Once more where all was written before the other thread looked.
      while true { try Writer(rawValue: name)!.write(large, to: path) }
    }
    let found = try writer.read(path)
    #expect(found == [1, 2, 3] || found.count == 4_000_000)
  }

  /// The disk is full after a megabyte.
  @Test(arguments: Writer.allCases) func `out of room`(_ writer: Writer) async throws {
    let directory = temporaryFolder()
    let path = directory + "/x"
    try writer.write([1, 2, 3], to: path)
    let name = writer.rawValue
    await #expect(processExitsWith: .success) { [path = path as String, name = name as String] in
      let large = Writer.large()
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 1 << 20, rlim_max: 1 << 20)
      precondition(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      do {
        try Writer(rawValue: name)!.write(large, to: path)
        exit(EXIT_FAILURE)
      } catch {
        precondition("\(error)".contains("more bytes, found the error \(EFBIG)"), "\(error)")
        exit(EXIT_SUCCESS)
      }
    }
    #expect(try writer.read(path) == [1, 2, 3])
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["x"])
  }
}
