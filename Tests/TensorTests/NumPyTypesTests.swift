import Foundation
import Tensor
import TestSupport
import Testing

/// Files of types that tensors do not have.
@Suite(.temporaryFolder) struct NumPyTypesTests {
  private let path = temporaryFile("x.npy")

  @Test func `every half-precision number is written as it was read`() throws {
    let header = Tensor<Float>.zeros([65_536]).npyBytes().prefix(128)
    let text = String(decoding: header.dropFirst(10), as: UTF8.self).replacing("<f4", with: "<f2")
    let elements = (0...UInt16.max).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let file = Array(header.prefix(10)) + Array(text.utf8) + elements
    let x = try Tensor<Float>(npyBytes: file)
    try x.write(to: path, as: .float16)
    let written = [UInt8](try Data(contentsOf: URL(filePath: path)))
    #expect(written == file)
    // Through Double too, where NaN becomes quiet on the way.
    try Tensor<Double>(npyBytes: file).write(to: path, as: .float16)
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let halves = bytes.suffix(131_072).withUnsafeBytes { Array($0.bindMemory(to: UInt16.self)) }
    let quiet = (0...UInt16.max).map { $0 & 0x7FFF > 0x7C00 ? $0 | 0x200 : $0 }
    #expect(halves == quiet)
  }

  private static let floats: [Float] = [
    1, 0x1.002p0, 0x1.002002p0, 0x1.006p0, 65_519.996, 65_520, -1e30, 0x1p-25, 0x1.8p-24, 0x1.000002p-25, -0.0,
    0x1.ffep-15, 0x1p-149,
  ]
  private static let halves: [Float] = [
    1, 1, 0x1.004p0, 0x1.008p0, 65_504, .infinity, -.infinity, 0, 0x1p-23, 0x1p-24, -0.0, 0x1p-14, 0,
  ]

  @Test(arguments: zip(floats, halves))
  func `Floats are rounded to the nearest half, ties to even`(x: Float, expected: Float) throws {
    try Tensor<Float>([x]).write(to: path, as: .float16)
    let read = try Tensor<Float>(contentsOf: path).scalar
    #expect(read.bitPattern == expected.bitPattern)
    #expect(try NumPyFile.header(path).type == .float16)
  }

  /// A Double just beside the middle of two halves, which is not beside the middle of Floats.
  @Test func `Doubles are rounded once`() throws {
    let middle = 0x1.002p0
    let doubles = [middle.nextDown, middle, middle.nextUp, -0x1p-1074, 65_520.0.nextDown, 0x1p-25.nextUp]
    try Tensor<Double>(doubles).write(to: path, as: .float16)
    #expect(try Tensor<Double>(contentsOf: path).scalars == [1, 1, 0x1.004p0, -0.0, 65_504, 0x1p-24])
  }

  private static let types: [StoredType] = [.int8, .int16, .uint16, .uint32, .uint64, .int64]
  private static let ranges: [ClosedRange<Int64>] = [
    -128...127, -32_768...32_767, 0...65_535, 0...4_294_967_295, 0...Int64.max, Int64.min...Int64.max,
  ]

  @Test(arguments: zip(types, ranges))
  func `integers are written where they fit`(type: StoredType, range: ClosedRange<Int64>) throws {
    let ends = Tensor<Int64>([[range.lowerBound, 1], [range.upperBound, 2]]).transposed
    try ends.write(to: path, as: type)
    #expect(try NumPyFile.header(path).type == type)
    #expect(try Tensor<Int64>(contentsOf: path) == ends)
    if type == .int64 { return }
    let error = #expect(throws: NumPyFileError.self) {
      try Tensor<Int64>([0, range.lowerBound - 1]).write(to: path, as: type)
    }
    #expect("\(error!)" == "\(path): expected integers in the range of \(type.name), found \(range.lowerBound - 1)")
    #expect(try Tensor<Int64>(contentsOf: path) == ends)
  }

  @Test func `types that are not written from one another are named`() {
    let error = #expect(throws: NumPyFileError.self) { try Tensor<Int32>([1]).write(to: path, as: .float16) }
    #expect(
      "\(error!)".hasSuffix("expected a tensor that float16 is written from: float32 float64, found int32"))
    let bfloat = #expect(throws: NumPyFileError.self) { try Tensor<Float>([1]).write(to: path, as: .bfloat16) }
    #expect("\(bfloat!)".hasSuffix("expected a type that .npy files have, found bfloat16"))
    #expect(!FileManager.default.fileExists(atPath: path))
  }
}
