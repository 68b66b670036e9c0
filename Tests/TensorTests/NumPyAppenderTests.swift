import Foundation
import Tensor
import TestSupport
import Testing

@Suite(.temporaryFolder) struct NumPyAppenderTests {
  private let path = temporaryFile("rows.npy")

  @Test(arguments: [nil, 5]) func `rows that are appended are the file that one tensor writes`(count: Int?) throws {
    let x = Tensor<Float>.arange(0, 15, step: 1).reshaped([5, 3])
    let file = try NumPyAppender<Float>(path, rowShape: [3], rowCount: count)
    try file.append(x[0..<2])
    try file.append(x[0..<0])
    try file.append(x[2..<5])
    #expect(file.rowCount == 5)
    #expect(!FileManager.default.fileExists(atPath: path))
    try file.finish()
    #expect(FileManager.default.contents(atPath: path) == Data(x.npyBytes))
  }

  @Test func `rows may be numbers, of another type in the file, and none`() throws {
    let file = try NumPyAppender<Double>(path, rowShape: [], as: .float16)
    try file.append(Tensor([1, 2.5]))
    try file.append(Tensor([-0.0]))
    try file.finish()
    #expect(try NumPyFile.header(path).type == .float16)
    #expect(try Tensor<Float>(contentsOf: path) == [1, 2.5, 0])
    try NumPyAppender<Float>(path, rowShape: [2, 7]).finish()
    #expect(try Tensor<Float>(contentsOf: path).shape == [0, 2, 7])
  }

  @Test func `a file that is not finished leaves the old one`() throws {
    try Data("before".utf8).write(to: URL(filePath: path))
    do {
      let file = try NumPyAppender<Float>(path, rowShape: [2])
      try file.append(.ones([3, 2]))
    }
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "before")
    let folder = URL(filePath: path).deletingLastPathComponent().path
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["rows.npy"])
  }

  @Test func `what is not regular needs the number of rows`() throws {
    let error = #expect(throws: NumPyFileError.self) { try NumPyAppender<Float>("/dev/null", rowShape: []) }
    #expect("\(error!)".contains("the number of rows before the first one"))
    let file = try NumPyAppender<Float>("/dev/null", rowShape: [], rowCount: 1)
    try file.append(.ones([1]))
    try file.finish()
    #expect(throws: NumPyFileError.self) { try NumPyAppender<Float>(path, rowShape: [], as: .bfloat16) }
    #expect(throws: NumPyFileError.self) { try NumPyAppender<Float>("/no/such/folder/a.npy", rowShape: []) }
  }

  @Test func `rows of another shape and another number of them stop the program`() async {
    await expectMessage(
      "NumPyAppender: rows of the shape [3] do not follow those of [2]",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        try NumPyAppender<Float>("/dev/null", rowShape: [2], rowCount: 1).append(.ones([1, 3]))
      })
    await expectMessage(
      "NumPyAppender: there are 0 rows, not 1",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        try NumPyAppender<Float>("/dev/null", rowShape: [2], rowCount: 1).finish()
      })
  }
}
