import Foundation
import TestSupport
import Testing

@testable import Tensor

/// What writing a file does to what was there.
@Suite(.temporaryFolder) struct FileSinkTests {
  private let folder = temporaryFolder()
  private let x = Tensor<Float>([1, 2])

  private func mode(_ path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode : nil
  }

  @Test func `a replaced file keeps who may read and write it, but not its owner's rights for others`() throws {
    let path = folder + "/x.npy"
    try x.write(to: path)
    for (before, after) in [(0o640, 0o640), (0o4755, 0o755), (0o2771, 0o771), (0o1600, 0o600)] as [(mode_t, mode_t)] {
      try #require(chmod(path, before) == 0)
      try x.write(to: path)
      #expect(mode(path).map { $0 & 0o7777 } == after)
    }
  }

  @Test func `links stay links, whether there is a file behind them or not`() throws {
    try FileManager.default.createDirectory(atPath: folder + "/data", withIntermediateDirectories: false)
    try #require(symlink("data/x.npy", folder + "/first.npy") == 0)
    try #require(symlink(folder + "/first.npy", folder + "/second.npy") == 0)
    for value in [x, x + 1] {
      try value.write(to: folder + "/second.npy")
      #expect(try Tensor<Float>(contentsOf: folder + "/data/x.npy") == value)
      for link in ["/first.npy", "/second.npy"] { #expect(mode(folder + link).map { $0 & S_IFMT } == S_IFLNK) }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder + "/data") == ["x.npy"])
  }

  @Test func `links that lead nowhere are refused`() throws {
    try #require(symlink("b.npy", folder + "/a.npy") == 0)
    try #require(symlink("a.npy", folder + "/b.npy") == 0)
    try #require(symlink("no such folder/x.npy", folder + "/c.npy") == 0)
    let loop = #expect(throws: NumPyFileError.self) { try x.write(to: folder + "/a.npy") }
    #expect("\(loop!)".contains("symbolic links"), "\(loop!)")
    let nowhere = #expect(throws: NumPyFileError.self) { try x.write(to: folder + "/c.npy") }
    #expect("\(nowhere!)".contains("no such file or folder"), "\(nowhere!)")
  }

  @Test func `a file without a name is written to as it is`() throws {
    let path = folder + "/x.npy"
    let descriptor = open(path, O_RDWR | O_CREAT, 0o600)
    defer { close(descriptor) }
    try #require(descriptor >= 0 && unlink(path) == 0)
    try x.write(to: "/proc/self/fd/\(descriptor)")
    var bytes = [UInt8](repeating: 0, count: 1000)
    #expect(pread(descriptor, &bytes, bytes.count, 0) == x.npyBytes.count && bytes.starts(with: x.npyBytes))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  @Test func `names that Swift's strings cannot hold are told`() {
    let error = #expect(throws: NumPyFileError.self) { try Tensor<Float>(contentsOf: folder + "/\u{FFFD}.npy") }
    #expect("\(error!)".contains("bytes that are not UTF-8"), "\(error!)")
  }
}
