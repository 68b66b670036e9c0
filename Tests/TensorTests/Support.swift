import CKernels
import Foundation
import Testing

@testable import Tensor

/// Random numbers that repeat from run to run (SplitMix64).
struct Seeded: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

extension ElementType {
  /// The type of a number. Opening takes an expression without a cast.
  var number: any (NumericScalar & Comparable).Type { scalar as! any (NumericScalar & Comparable).Type }
  var real: any RealScalar.Type { scalar as! any RealScalar.Type }

  static let numbers = allCases.filter { $0 != .bool }
  static let reals = allCases.filter { $0.kind == .real }

  init(named name: String) { self = Self.allCases.first { $0.name == name }! }
}

extension Kernels: CustomTestStringConvertible {
  public var testDescription: String { name }
}

// MARK: Naive models

/// Every index of a shape, the last axis fastest.
func indices(_ shape: [Int]) -> [[Int]] {
  shape.reduce([[]]) { found, length in found.flatMap { index in (0..<length).map { index + [$0] } } }
}

/// Every shape of the given ranks whose axes have the given lengths.
func shapes(ranks: ClosedRange<Int>, lengths: ClosedRange<Int>) -> [[Int]] {
  ranks.flatMap { indices([Int](repeating: lengths.count, count: $0)) }.map { $0.map { $0 + lengths.lowerBound } }
}

func permutations(_ count: Int) -> [[Int]] {
  if count == 0 { return [[]] }
  return permutations(count - 1).flatMap { order in
    (0..<count).map { place in Array(order[..<place]) + [count - 1] + Array(order[place...]) }
  }
}

extension Layout {
  /// Where the elements lie, in row-major order.
  var offsets: [Int] {
    zip(shape, strides).reduce([offset]) { found, axis in
      found.flatMap { start in (0..<axis.0).map { start + $0 * axis.1 } }
    }
  }

  func offset(at index: [Int]) -> Int { zip(index, strides).reduce(offset) { $0 + $1.0 * $1.1 } }
}

extension Tensor {
  /// The elements in row-major order, read one by one.
  var elements: [Scalar] {
    withExtendedLifetime(storage) { layout.offsets.map { storage.base[$0] } }
  }

  /// The bits of the elements in row-major order.
  var bits: [UInt8] { elements.withUnsafeBytes { Array($0) } }

  /// Whole numbers from -8 to 8, converted to the element type.
  static func random(_ shape: [Int], using generator: inout Seeded) -> Tensor {
    let count = shape.reduce(1, *)
    let numbers = (0..<count).map { _ in Int64(truncatingIfNeeded: generator.next() % 17) - 8 }
    return Tensor<Int64>(shape: shape, scalars: numbers).cast(to: Scalar.self)
  }

  /// The same elements in another arrangement: axes in any order in memory, flipped, with gaps, behind an offset.
  func rearranged(using generator: inout Seeded) -> Tensor {
    let order = Array(0..<rank).shuffled(using: &generator)
    let steps = shape.map { _ in [1, 1, 1, 2, 3].randomElement(using: &generator)! }
    let flips = shape.map { _ in Bool.random(using: &generator) }
    let margins = shape.map { _ in [0, 0, 1, 2].randomElement(using: &generator)! }
    let lengths = order.map { Swift.max(shape[$0] * steps[$0] + margins[$0], 1) }
    let host = Tensor.random(lengths, using: &generator)
    var view = host.layout
    for (position, axis) in order.enumerated() {
      let start = Swift.min(margins[axis], Swift.max(0, lengths[position] - 1))
      let room = lengths[position] - start
      let step = shape[axis] * steps[axis] <= room ? steps[axis] : 1
      view = view.sliced(axis: position, start: start, count: shape[axis], step: step)
      if flips[axis] { view = view.flipped(axis: position) }
    }
    let inverse = (0..<rank).map { axis in order.firstIndex(of: axis)! }
    let result = host.view(view.permuted(inverse))
    for (offset, value) in Swift.zip(result.layout.offsets, elements) { host.storage.base[offset] = value }
    return result
  }

  /// Random elements in a random arrangement; now and then an axis repeats them.
  static func randomView(_ shape: [Int], using generator: inout Seeded) -> Tensor {
    let own = shape.map { Int.random(in: 0..<6, using: &generator) == 0 ? 1 : $0 }
    return Tensor.random(own, using: &generator).rearranged(using: &generator).broadcast(to: shape)
  }
}

/// A random shape that is not too large, lengths of 0 and 1 included.
func randomShape(using generator: inout Seeded) -> [Int] {
  let rank = Int.random(in: 0...5, using: &generator)
  let largest = [40, 40, 30, 10, 6, 4][rank]
  return (0..<rank).map { _ in
    Int.random(in: 0..<12, using: &generator) == 0 ? 0 : Int.random(in: 1...largest, using: &generator)
  }
}

// MARK: Comparison

extension TensorScalar {
  /// The distance in steps from one representable number to the next; NaN is at 0 from NaN, of zeros the sign counts.
  func steps(from other: Self) -> UInt64 {
    func ordered<Bits: FixedWidthInteger & SignedInteger>(_ bits: Bits) -> Int64 {
      // Negative numbers run backwards; -0 lies one step before 0.
      Int64(bits < 0 ? Bits.min &- bits &- 1 : bits)
    }
    func distance(_ x: Int64, _ y: Int64) -> UInt64 { x >= y ? UInt64(bitPattern: x &- y) : UInt64(bitPattern: y &- x) }
    switch (self, other) {
    case (let x as Float, let y as Float):
      if x.isNaN || y.isNaN { return x.isNaN && y.isNaN ? 0 : .max }
      return distance(ordered(Int32(bitPattern: x.bitPattern)), ordered(Int32(bitPattern: y.bitPattern)))
    case (let x as Double, let y as Double):
      if x.isNaN || y.isNaN { return x.isNaN && y.isNaN ? 0 : .max }
      return distance(ordered(Int64(bitPattern: x.bitPattern)), ordered(Int64(bitPattern: y.bitPattern)))
    default: return self == other ? 0 : .max
    }
  }
}

/// Where two tensors differ by more steps than allowed; `nil` where they agree.
func disagreement<Scalar: TensorScalar>(
  _ found: Tensor<Scalar>, _ expected: Tensor<Scalar>, steps: UInt64 = 0, eitherZero: Bool = false
) -> String? {
  if found.shape != expected.shape { return "shape \(found.shape), expected \(expected.shape)" }
  for (i, (x, y)) in zip(found.elements, expected.elements).enumerated() where x.steps(from: y) > steps {
    if eitherZero && x == y { continue }
    return "element \(i) is \(x), expected \(y) (\(x.steps(from: y)) steps)"
  }
  return nil
}

// MARK: Fixtures

/// A JSON file made by a script in Fixtures.
func fixture<Content: Decodable>(_ name: String, as type: Content.Type = Content.self) throws -> Content {
  let url = try #require(Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Fixtures"))
  return try JSONDecoder().decode(Content.self, from: Data(contentsOf: url))
}

/// A tensor in a fixture: elements as NumPy prints them.
struct Sample: Decodable {
  let type: String
  let shape: [Int]
  let values: String

  var elementType: ElementType { ElementType(named: type) }

  func tensor<Scalar: TensorScalar>(_: Scalar.Type = Scalar.self) -> Tensor<Scalar> {
    precondition(Scalar.elementType == elementType)
    func parsed<Number>(_ number: (Substring) -> Number?) -> [Scalar] {
      values.split(separator: " ").map { number($0)! as! Scalar }
    }
    let scalars =
      switch elementType {
      case .float: parsed { Float($0) }
      case .double: parsed { Double($0) }
      case .int32: parsed { Int32($0) }
      case .int64: parsed { Int64($0) }
      case .uint8: parsed { UInt8($0) }
      case .bool: parsed { $0 == "1" }
      }
    return Tensor(shape: shape, scalars: scalars)
  }

  var any: any TensorScalar.Type { elementType.scalar }
  var number: any (NumericScalar & Comparable).Type { elementType.number }
}

extension ck_function {
  var name: String { String(cString: ck_function_name(self)) }

  /// Those of this package's arithmetic; activations follow them, the exponential and the hyperbolic tangent are both.
  static let arithmetic =
    (0..<ck_rectifier.rawValue).map { ck_function($0) } + [ck_exponential, ck_hyperbolic_tangent]

  init(named name: String) throws {
    self = try #require(Self.arithmetic.first { $0.name == name }, "no function \(name)")
  }
}
