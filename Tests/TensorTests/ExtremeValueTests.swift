import Foundation
import TestSupport
import Testing

@testable import Tensor

/// The largest and smallest integers as positions, steps and offsets, NaN and tensors without elements: what is
/// meaningful has a value.
@Suite(.temporaryFolder) struct ExtremeValueTests {
  typealias Values = Tensor<Float>

  @Test func `positions beyond both ends are cut off`() {
    let x = Values.arange(5)
    #expect(x[0...Int.max] == x)
    #expect(x[...Int.max] == x)
    #expect(x[Int.min...Int.max] == x)
    #expect(x[Slice(.min, .max, step: .max)] == [0])
    #expect(x[Slice(.max, .min, step: .min)] == [4])
  }

  @Test func `offsets beyond a matrix leave nothing or all of it`() {
    let x = Values.ones([2, 3])
    #expect(x.diagonal(offset: .max).shape == [0])
    #expect(x.diagonal(offset: .min).shape == [0])
    #expect(x.upperTriangle(offset: .max) == .zeros([2, 3]))
    #expect(x.upperTriangle(offset: .min) == x)
    #expect(x.lowerTriangle(offset: .max) == x)
    #expect(x.lowerTriangle(offset: .min) == .zeros([2, 3]))
    #expect(Values.identity(2, offset: .min) == .zeros([2, 2]))
    #expect(Values.arange(5).rolled(by: [.max, .max], axis: [0, 0]) == [1, 2, 3, 4, 0])
  }

  @Test func `ranges of integers may span them all`() {
    #expect(Tensor<Int64>.arange(.min, .max, step: .max) == Tensor([.min, -1, .max - 1]))
    #expect(Tensor<Int64>.arange(.max, .min, step: .min) == Tensor([.max, -1]))
    #expect(Tensor<Int64>.arange(0, -5).isEmpty)
    #expect(Tensor<Int64>.arange(0, 10, step: 5) == [0, 5])
    #expect(Tensor<Int64>.arange(10, 0, step: -3) == [10, 7, 4, 1])
  }

  @Test func `statistics of any order and correction`() {
    #expect(Values.arange(5).differences(order: .max).shape == [0])
    #expect(Values.arange(5).variance(correction: .min).scalar < 1e-17)
    #expect(Values.arange(5).variance(correction: .max).scalar == .infinity)
  }

  @Test func `printing takes any limits and looks at what it shows only`() {
    let text = Values.arange(3).formatted(precision: .max, threshold: 0, edgeItems: .max, lineWidth: .min)
    #expect(text == "[0.\n 1.\n 2.]")
    #expect(Values(1).broadcast(to: [1 << 20, 1 << 40]).description.hasPrefix("[[1. 1. 1. ... 1. 1. 1.]"))
  }

  @Test func `a repeated letter of einsum with the lengths 0 and 1 has length 0`() {
    #expect(Values.einsum("ii->i", .zeros([0, 1])).shape == [0])
    #expect(Values.einsum("ii", .zeros([1, 0])) == 0)
  }

  @Test func `integers by a literal`() {
    #expect(Tensor<Int64>([2, 3]).power(2) == [4, 9])
    #expect(Tensor<Int32>([-5, 5]).floorDivided(by: 2) == [-3, 2])
  }

  @Test func `more threads than there can be are as many as there can be`() {
    let threadCount = ThreadCount()
    defer { threadCount.restore() }
    let count = Threads.count
    Threads.count = .max
    #expect(Threads.count >= count)
  }

  // MARK: LAPACK

  @Test func `NaN is not positive definite`() {
    for matrix in [Values([[.nan, 1], [1, 1]]), Values([[1, 1], [.nan, 1]])] {
      #expect(throws: LinearAlgebraError.self) { try matrix.cholesky() }
      #expect(throws: LinearAlgebraError.self) { try matrix.transposed.copied().transposed.cholesky() }
    }
  }

  @Test func `the inverse of a matrix with NaN is NaN`() throws {
    let matrices = Values([[[.nan, 1], [1, 1]], [[2, 0], [0, 4]], [[1, .nan], [1, 1]]])
    let inverses = try matrices.inverse()
    #expect(inverses[0].isNaN.all().scalar)
    #expect(inverses[1] == [[0.5, 0], [0, 0.25]])
    #expect(inverses[2].isNaN.all().scalar)
  }

  @Test func `least squares without right sides still find the rank`() throws {
    let (solution, rank, values) = try Values.ones([3, 2]).leastSquares(.zeros([3, 0]))
    #expect(solution.shape == [2, 0])
    #expect(rank == 1)
    #expect(abs(values[at: 0] - 2.4494898) < 1e-5)
  }

  // MARK: Files

  @Test func `paths with NUL are refused and control characters are escaped`() throws {
    let reading = #expect(throws: NumPyFileError.self) { try Values(contentsOf: "a\0b\nc") }
    #expect("\(reading!)" == #"a\0b\nc: expected a path without NUL, found one with it"#)
    #expect(throws: NumPyFileError.self) { try Values(1).write(to: "a\0b") }
  }

  @Test func `long words of a header are shortened`() throws {
    var bytes = Values(1).npyBytes
    let key = Array(("{'" + String(repeating: "a", count: 100) + "': 1}").utf8)
    bytes.replaceSubrange(10..<128, with: key + [UInt8](repeating: 0x20, count: 118 - key.count))
    let error = #expect(throws: NumPyFileError.self) { try Values(npyBytes: bytes) }
    #expect(error!.found == "'" + String(repeating: "a", count: 40) + "…'")
  }

  @Test func `a file for which there is no memory is an error`() throws {
    // A system that promises any memory would have to keep its promise.
    let overcommits = try? String(contentsOfFile: "/proc/sys/vm/overcommit_memory", encoding: .utf8)
    if overcommits?.first == "1" { return }
    let path = temporaryFile("sparse.npy")
    try Values.zeros([0]).write(to: path)
    var header = Array(try Data(contentsOf: URL(filePath: path)))
    let shape = Array("(34359738368, 64), }".utf8)
    let place = header.firstIndex(of: UInt8(ascii: "("))!
    header.replaceSubrange(place..<(place + shape.count), with: shape)
    try Data(header).write(to: URL(filePath: path))
    guard truncate(path, off_t(header.count + 34_359_738_368 * 256)) == 0 else { return }
    let error = #expect(throws: NumPyFileError.self) { try Values(contentsOf: path) }
    #expect(error!.expected == "memory for 2199023255552 elements of float32")
  }

  @Test func `the longest name of a file can be written to`() throws {
    let path = temporaryFile(String(repeating: "x", count: 255))
    try Values(1).write(to: path)
    #expect(try Values(contentsOf: path) == 1)
  }
}
