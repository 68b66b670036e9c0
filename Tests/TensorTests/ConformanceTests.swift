import CKernels
import Foundation
import Testing

@testable import Tensor

@Suite struct ConformanceTests {
  // MARK: Element types

  @Test func `element types are numbered as the kernels number them`() {
    let numbers: [ElementType: ck_type] = [
      .float: ck_float32, .double: ck_float64, .int32: ck_int32, .int64: ck_int64, .uint8: ck_uint8, .bool: ck_bool,
    ]
    #expect(ElementType.allCases.allSatisfy { numbers[$0]?.rawValue == $0.rawValue })
    #expect(ElementType.allCases.count == Int(CK_TYPE_COUNT.rawValue))
  }

  // MARK: Equality and hashes

  @Test func equality() {
    let x = Tensor<Float>(shape: [2, 3], scalars: [1, 2, 3, 4, 5, 6])
    #expect(x == x.transposed.copied().transposed)
    #expect(x != x.reshaped([3, 2]))
    #expect(x != x + 1)
    #expect(Tensor<Double>([0.0, -0.0]) == Tensor<Double>([-0.0, 0.0]))
    #expect(Tensor<Float>([.nan]) != Tensor<Float>([.nan]))
    #expect(Tensor<Int32>.zeros([0, 3]) == Tensor<Int32>.zeros([0, 3]))
    #expect(Tensor<Int32>.zeros([0, 3]) != Tensor<Int32>.zeros([3, 0]))
    #expect(Tensor<Bool>(true) == Tensor<Bool>(true))
  }

  @Test func hashes() {
    let x = Tensor<Double>(shape: [2, 3], scalars: [0, -1.5, 2, .infinity, 4, 5])
    var y = x
    y[at: 0, 0] = -0.0
    for same in [y, x.transposed.copied().transposed, x.flipped().copied().flipped()] {
      #expect(same == x)
      #expect(same.hashValue == x.hashValue)
    }
    #expect(x.reshaped([3, 2]).hashValue != x.hashValue)
    #expect((x + 1).hashValue != x.hashValue)
    #expect(Set([x, y, x + 1]).count == 2)
    #expect(Set([Tensor<Bool>([true, false]), [false, true], [true, false]]).count == 2)
    // More than one piece: the last element counts, the strides do not.
    let long = Tensor<Float>.zeros([100_000])
    var other = long
    other[at: -1] = 1
    #expect(long.hashValue != other.hashValue)
    #expect(Tensor<Float>([0]).broadcast(to: [100_000]).hashValue == (-long).hashValue)
  }

  // MARK: Codable

  private func roundTrip<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) throws {
    let decoded = try JSONDecoder().decode(Tensor<Scalar>.self, from: JSONEncoder().encode(tensor))
    #expect(decoded == tensor)
  }

  @Test func coding() throws {
    try roundTrip(
      Tensor<Float>(shape: [2, 3], scalars: [1, -0.5, 1 / 3, .greatestFiniteMagnitude, 0, .leastNonzeroMagnitude]))
    try roundTrip(Tensor<Double>(shape: [2, 2], scalars: [1, 2, 3, 1e-300]).transposed)
    try roundTrip(Tensor<Int32>([.min, .max]))
    try roundTrip(Tensor<Int64>([.min, .max]))
    try roundTrip(Tensor<UInt8>([0, 255]))
    try roundTrip(Tensor<Bool>([true, false]))
    try roundTrip(Tensor<Float>(2.5))
    try roundTrip(Tensor<Float>.zeros([4, 0]))
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let text = String(decoding: try encoder.encode(Tensor<Int32>([[1, 2], [3, 4]]).transposed), as: UTF8.self)
    #expect(text == #"{"scalars":[1,3,2,4],"shape":[2,2]}"#)
  }

  @Test(arguments: [
    (#"{"shape":[2,2],"scalars":[1,2,3]}"#, "the shape [2, 2] has 4 elements, but 3 are given"),
    (#"{"shape":[],"scalars":[]}"#, "the shape [] has 1 elements, but 0 are given"),
    (#"{"shape":[0],"scalars":[1]}"#, "the shape [0] has 0 elements, but 1 are given"),
    (#"{"shape":[-1,-2],"scalars":[1,2]}"#, "a tensor cannot have the shape [-1, -2]"),
    (#"{"shape":[0,-1],"scalars":[]}"#, "a tensor cannot have the shape [0, -1]"),
    (
      #"{"shape":[4611686018427387904,4,0],"scalars":[]}"#, "a tensor cannot have the shape [4611686018427387904, 4, 0]"
    ),
  ])
  func badCoding(json: String, text: String) {
    do {
      let tensor = try JSONDecoder().decode(Tensor<Float>.self, from: Data(json.utf8))
      Issue.record("decoded \(tensor)")
    } catch DecodingError.dataCorrupted(let context) {
      #expect(context.debugDescription == text)
    } catch {
      Issue.record("\(error)")
    }
  }

  @Test func badElements() {
    for json in [
      #"{"shape":[1],"scalars":["a"]}"#, #"{"shape":[1]}"#, #"{"scalars":[1]}"#, #"{"shape":[1],"scalars":[300]}"#,
    ] {
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(Tensor<UInt8>.self, from: Data(json.utf8)) }
    }
    let rank33 = "{\"shape\":[\([String](repeating: "1", count: 33).joined(separator: ","))],\"scalars\":[1]}"
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Tensor<UInt8>.self, from: Data(rank33.utf8)) }
  }

  // MARK: Closeness

  /// Values and answers of NumPy's `isclose` (2.4).
  @Test func closeness() {
    let x = Tensor<Double>([1, 1, 0, 1e-9, 1e-7, .infinity, .infinity, -.infinity, 1, .nan, .nan, 1e10, 1e10])
    let y = Tensor<Double>([
      1.00001, 1.0001, 1e-9, 0, 0, .infinity, 1, .infinity, .infinity, .nan, 1, 1.00001e10, 1.0001e10,
    ])
    let expected = [true, false, true, true, false, true, false, false, false, false, false, true, false]
    #expect(x.isClose(to: y).scalars == expected)
    var withNaN = expected
    withNaN[9] = true
    #expect(x.isClose(to: y, equalNaN: true).scalars == withNaN)
    // The tolerance is relative to the other tensor.
    #expect(Tensor<Double>([1]).isClose(to: [1.1], relativeTolerance: 0.1, absoluteTolerance: 0).scalars == [true])
    #expect(Tensor<Double>([1.1]).isClose(to: [1], relativeTolerance: 0.09, absoluteTolerance: 0).scalars == [false])
    let broadcast = Tensor<Float>([[1, 2], [3, 4]]).isClose(to: [1, 4])
    #expect(broadcast.scalars == [true, false, false, true])
  }

  @Test func almostEqual() {
    let x = Tensor<Float>([[1, 2], [3, 4]])
    #expect(x.isAlmostEqual(to: x * 1.000001))
    #expect(!x.isAlmostEqual(to: x * 1.001))
    #expect(x.isAlmostEqual(to: x * 1.001, relativeTolerance: 0.01))
    #expect(x.isAlmostEqual(to: x + 0.5, absoluteTolerance: 0.6))
    #expect(!x.isAlmostEqual(to: x.reshaped([4])))
    #expect(!Tensor<Float>([.nan]).isAlmostEqual(to: Tensor([.nan])))
    #expect(Tensor<Float>([.nan]).isAlmostEqual(to: Tensor([.nan]), equalNaN: true))
    #expect(Tensor<Float>.zeros([0]).isAlmostEqual(to: .zeros([0])))
    // More than one piece, other strides.
    let long = Tensor<Float>.arange(0, 100_000).reshaped([400, 250])
    var other = long.transposed.copied().transposed
    #expect(long.isAlmostEqual(to: other))
    other[at: 399, 249] += 2
    #expect(!long.isAlmostEqual(to: other))
  }
}
