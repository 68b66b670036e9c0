import CKernels
import Testing

@testable import Tensor

/// Every elementwise function of every type on every instruction set.
@Suite struct ElementwiseTests {
  struct Fixture: Decodable {
    let inputs: [String: Sample]
    let unary: [Unary]
    let operands: [String: [Sample]]
    let binary: [Binary]
    let casts: [Cast]
  }
  struct Unary: Decodable {
    let function: String
    let x: String
    let ulp: UInt64
    let parameters: [Double]
    let y: Sample
  }
  struct Binary: Decodable {
    let function: String
    let type: String
    let ulp: UInt64
    let result: Sample
    let operands: [Sample]?
  }
  struct Cast: Decodable { let x, y: Sample }

  /// The C library's functions, which promise less than ours.
  static let fromTheCLibrary = ["cube_root float64", "hyperbolic_tangent float64"]

  static func steps(_ row: Unary) -> UInt64 {
    fromTheCLibrary.contains("\(row.function) \(row.x)") ? 2 : row.ulp
  }

  static let fixture = Result { try TensorTests.fixture("elementwise", as: Fixture.self) }

  // MARK: Values

  @Test(arguments: Kernels.supported) func `functions of one operand agree with their fixtures`(_ kernels: Kernels)
    throws
  {
    let fixture = try Self.fixture.get()
    for row in fixture.unary {
      let function = try ck_function(named: row.function)
      let parameters = ck_parameters(
        a: row.parameters.first ?? 0, b: row.parameters.count > 1 ? row.parameters[1] : 0, c: 0)
      func check<Scalar: TensorScalar>(_: Scalar.Type) {
        let x = fixture.inputs[row.x]!.tensor(Scalar.self)
        func message() -> Comment { "\(row.function) of \(row.x): " }
        if row.y.elementType == .bool && Scalar.elementType != .bool {
          let found = disagreement(x.predicate(function, kernels: kernels), row.y.tensor())
          #expect(found == nil, message())
        } else {
          let expected = row.y.tensor(Scalar.self)
          let found = disagreement(x.unary(function, parameters, kernels: kernels), expected, steps: Self.steps(row))
          #expect(found == nil, message())
          let inPlace = disagreement(
            x.copied().unary(function, parameters, kernels: kernels), expected, steps: Self.steps(row))
          #expect(inPlace == nil, message())
        }
      }
      check(fixture.inputs[row.x]!.any)
    }
  }

  @Test(arguments: Kernels.supported) func `functions of two operands agree with their fixtures`(_ kernels: Kernels)
    throws
  {
    let fixture = try Self.fixture.get()
    for row in fixture.binary {
      let function = try ck_function(named: row.function)
      let eitherZero = row.function == "minimum" || row.function == "maximum"
      func check<Scalar: TensorScalar>(_: Scalar.Type) {
        let operands = (row.operands ?? fixture.operands[row.type]!).map { $0.tensor(Scalar.self) }
        func message() -> Comment { "\(row.function) of \(row.type)" }
        if row.result.elementType == .bool && Scalar.elementType != .bool {
          let found = Tensor.comparison(function, operands[0], operands[1], kernels: kernels)
          #expect(disagreement(found, row.result.tensor()) == nil, message())
        } else {
          let expected = row.result.tensor(Scalar.self)
          let found = Tensor.binary(function, operands[0], operands[1], kernels: kernels)
          #expect(disagreement(found, expected, steps: row.ulp, eitherZero: eitherZero) == nil, message())
          // Reusing the first operand's memory, then the second's.
          let first = Tensor.binary(function, operands[0].copied(), operands[1], kernels: kernels)
          #expect(disagreement(first, found) == nil, message())
          let second = Tensor.binary(function, operands[0], operands[1].copied(), kernels: kernels)
          #expect(disagreement(second, found) == nil, message())
        }
      }
      check(ElementType(named: row.type).scalar)
    }
  }

  @Test func `every function of every type has a fixture`() throws {
    let fixture = try Self.fixture.get()
    let tested = Set(
      fixture.unary.map { "\($0.function) \($0.x)" } + fixture.binary.map { "\($0.function) \($0.type)" })
    let defined = ck_function.arithmetic.flatMap { function in
      ElementType.allCases.filter { ck_function_is_defined(function, $0.kernelType) }.map {
        "\(function.name) \($0.name)"
      }
    }
    #expect(Set(defined).symmetricDifference(tested).sorted() == [])
  }

  @Test(arguments: Kernels.supported) func `casts agree with their fixtures`(_ kernels: Kernels) throws {
    for row in try Self.fixture.get().casts {
      func check<Source: TensorScalar, Target: TensorScalar>(_: Source.Type, _: Target.Type) {
        let x = row.x.tensor(Source.self)
        let found = disagreement(x.converted(to: Target.self, kernels: kernels), row.y.tensor(Target.self))
        #expect(found == nil, "\(row.x.type) to \(row.y.type)")
        #expect(disagreement(x.cast(to: Target.self), row.y.tensor(Target.self)) == nil)
      }
      check(row.x.any, row.y.any)
    }
  }

  @Test func `public names lead to their rows`() throws {
    let fixture = try Self.fixture.get()
    func check<Scalar: RealScalar>(_: Scalar.Type) {
      let type = Scalar.elementType.name
      let x = fixture.inputs[type]!.tensor(Scalar.self)
      let methods: [String: (Tensor<Scalar>) -> Tensor<Scalar>] = [
        "negate": { -$0 }, "absolute": { $0.absolute() }, "square": { $0.squared() }, "sign": { $0.sign() },
        "reciprocal": { $0.reciprocal() }, "square_root": { $0.squareRoot() }, "floor": { $0.floor() },
        "ceiling": { $0.ceil() }, "truncate": { $0.truncated() }, "round": { $0.rounded() },
        "reciprocal_square_root": { $0.reciprocalSquareRoot() }, "cube_root": { $0.cubeRoot() },
        "exponential": { $0.exp() }, "exponential2": { $0.exp2() }, "exponential_minus_one": { $0.expMinusOne() },
        "logarithm": { $0.log() }, "logarithm2": { $0.log2() }, "logarithm10": { $0.log10() },
        "logarithm_one_plus": { $0.logOnePlus() }, "sine": { $0.sin() }, "cosine": { $0.cos() },
        "tangent": { $0.tan() },
        "arcsine": { $0.asin() }, "arccosine": { $0.acos() }, "arctangent": { $0.atan() },
        "hyperbolic_sine": { $0.sinh() }, "hyperbolic_cosine": { $0.cosh() }, "hyperbolic_tangent": { $0.tanh() },
        "area_hyperbolic_sine": { $0.asinh() }, "area_hyperbolic_cosine": { $0.acosh() },
        "area_hyperbolic_tangent": { $0.atanh() }, "clamp": { $0.clamped(-1.5...2) },
      ]
      let predicates: [String: (Tensor<Scalar>) -> Tensor<Bool>] = [
        "is_nan": { $0.isNaN }, "is_infinite": { $0.isInfinite }, "is_finite": { $0.isFinite },
        "sign_bit": { $0.signBit },
      ]
      for row in fixture.unary where row.x == type && row.function != "add_scalar" {  // which has no public name
        if let predicate = predicates[row.function] {
          #expect(disagreement(predicate(x), row.y.tensor()) == nil, "\(row.function)")
        } else {
          let found = methods[row.function].map { disagreement($0(x), row.y.tensor(), steps: Self.steps(row)) }
          #expect(found == .some(nil), "\(row.function)")
        }
      }
    }
    for type in ElementType.reals { check(type.real) }
  }

  @Test func `operators lead to their rows`() throws {
    let fixture = try Self.fixture.get()
    func check<Scalar: NumericScalar & Comparable>(_: Scalar.Type) {
      let type = Scalar.elementType.name
      let operands = fixture.operands[type]!.map { $0.tensor(Scalar.self) }
      let (x, y) = (operands[0], operands[1])
      let expected = Dictionary(
        uniqueKeysWithValues: fixture.binary.filter { $0.type == type && $0.operands == nil }.map {
          ($0.function, $0.result)
        })
      typealias Values = Tensor<Scalar>
      func updated(_ update: (inout Values, Values) -> Void) -> Values {
        var result = x
        update(&result, y)
        return result
      }
      let numbers: [(String, Values)] = [
        ("add", x + y), ("subtract", x - y), ("multiply", x * y), ("modulo", x % y),
        ("floor_divide", x.floorDivided(by: y)),
        ("minimum", .minimum(x, y)), ("maximum", .maximum(x, y)), ("add", updated { $0 += $1 }),
        ("subtract", updated { $0 -= $1 }), ("multiply", updated { $0 *= $1 }), ("modulo", updated { $0 %= $1 }),
      ]
      for (name, found) in numbers {
        #expect(disagreement(found, expected[name]!.tensor(), eitherZero: true) == nil, "\(name)")
      }
      let comparisons: [(String, Tensor<Bool>)] = [
        ("equal", x .== y), ("not_equal", x .!= y), ("less", x .< y), ("less_equal", x .<= y), ("less", y .> x),
        ("less_equal", y .>= x),
      ]
      for (name, found) in comparisons { #expect(disagreement(found, expected[name]!.tensor()) == nil, "\(name)") }
      // A scalar stands for a tensor of its value.
      for scalar in x[..<12].elements {
        let filled = Values(repeating: scalar, shape: y.shape)
        // Integers have no negative exponents.
        let exponent = Scalar.zeroValue is any BinaryInteger && scalar < 0 ? 3 : scalar
        let exponents = Values(repeating: exponent, shape: y.shape)
        let pairs: [(Values, Values)] = [
          (scalar + y, filled + y), (y + scalar, y + filled), (scalar - y, filled - y), (y - scalar, y - filled),
          (scalar * y, filled * y), (y * scalar, y * filled), (y % scalar, y % filled), (scalar % y, filled % y),
          (y.floorDivided(by: scalar), y.floorDivided(by: filled)), (y.power(exponent), y.power(exponents)),
          (.minimum(y, scalar), .minimum(y, filled)), (.maximum(y, scalar), .maximum(y, filled)),
        ]
        for (found, expected) in pairs { #expect(disagreement(found, expected) == nil) }
        let bools: [(Tensor<Bool>, Tensor<Bool>)] = [
          (y .== scalar, y .== filled), (y .!= scalar, y .!= filled), (y .< scalar, y .< filled),
          (y .<= scalar, y .<= filled), (y .> scalar, y .> filled), (y .>= scalar, y .>= filled),
          (scalar .== y, filled .== y), (scalar .!= y, filled .!= y), (scalar .< y, filled .< y),
          (scalar .<= y, filled .<= y), (scalar .> y, filled .> y), (scalar .>= y, filled .>= y),
        ]
        for (found, expected) in bools { #expect(disagreement(found, expected) == nil) }
      }
    }
    for type in ElementType.numbers { check(type.number) }
  }

  /// Literals are scalars where a tensor of rank 0 could stand too, or expressions of them would be ambiguous.
  @Test func `expressions of literals are scalars`() {
    let x: Tensor<Float> = [1, 8]
    #expect(x.power(1 / 2)[0].scalar == 1)
    #expect(x.floorDivided(by: 1 + 2) == [0, 2])
    #expect(Tensor.maximum(x, 1 + 1) == [2, 8])
    #expect(Tensor.minimum(x, 3 * 2) == [1, 6])
    let halves = x * (1 / 2)
    #expect(halves.scalars == [0.5, 4])
    let above = 2 .< x
    #expect(above.scalars == [false, true])
  }

  @Test func `clamping keeps NaN and limits the rest`() {
    let x = Tensor<Float>([-3, 0.5, .nan, 9, .infinity, -.infinity])
    #expect(disagreement(x.clamped(-1...2), Tensor([-1, 0.5, .nan, 2, 2, -1])) == nil)
    #expect(disagreement(x.clamped(0...), Tensor([0, 0.5, .nan, 9, .infinity, 0])) == nil)
    #expect(disagreement(x.clamped(...1), Tensor([-3, 0.5, .nan, 1, 1, -.infinity])) == nil)
    #expect(Tensor<Int32>([-3, 4, 9]).clamped(0...5) == [0, 4, 5])
    #expect(Tensor<UInt8>([0, 4, 250]).clamped(2...200) == [2, 4, 200])
  }

  @Test func `equality is that of shapes and elements`() {
    let x: Tensor<Float> = [[1, 2], [3, 4]]
    #expect(x == x.copied() && x.transposed == x.transposed.copied())
    #expect(x != x.transposed && x != x.flattened && x != x + 1)
    #expect(Tensor<Float>([.nan]) != Tensor<Float>([.nan]))
    #expect(Tensor<Float>([0.0]) == Tensor<Float>([-0.0]))
    #expect(Tensor<Float>.zeros([0, 3]) != Tensor<Float>.zeros([3, 0]))
    #expect(Tensor<Bool>([true, false]) == [true, false])
  }

  // MARK: Lengths

  @Test(arguments: Kernels.supported) func `functions of one operand compute an element alike at every length`(
    _ kernels: Kernels
  ) {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      var generator = Seeded(1)
      let x = Tensor<Scalar>.random([203], using: &generator)
      for function in ck_function.arithmetic where ck_function_is_defined(function, Scalar.elementType.kernelType) {
        guard ck_function_operands(function) == 1 else { continue }
        func compute(_ x: consuming Tensor<Scalar>) -> [UInt8] {
          let parameters = ck_parameters(a: -2, b: 2, c: 0)
          return ck_function_result(function, Scalar.elementType.kernelType) == Scalar.elementType.kernelType
            ? x.unary(function, parameters, kernels: kernels).bytes : x.predicate(function, kernels: kernels).bytes
        }
        let all = compute(x)
        let width = all.count / x.count
        for length in 0...200 {
          let start = length % 4
          let part = x[start..<(start + length)]
          let expected = Array(all[(start * width)..<((start + length) * width)])
          if compute(part) != expected || compute(part.copied()) != expected {
            Issue.record("\(function.name) of \(length) \(Scalar.self)")
          }
        }
      }
    }
    for type in ElementType.allCases { check(type.scalar) }
  }

  @Test(arguments: Kernels.supported) func `functions of two operands compute an element alike at every length`(
    _ kernels: Kernels
  ) {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      var generator = Seeded(2)
      let type = Scalar.elementType.kernelType
      let x = Tensor<Scalar>.random([203], using: &generator)
      let y = Tensor<Scalar>.random([203], using: &generator)
      let one = Tensor<Scalar>.random([1], using: &generator)
      for function in ck_function.arithmetic where ck_function_is_defined(function, type) {
        guard ck_function_operands(function) == 2 else { continue }
        let isComparison = ck_function_result(function, type) != type
        func compute(_ x: consuming Tensor<Scalar>, _ y: consuming Tensor<Scalar>) -> [UInt8] {
          isComparison
            ? Tensor.comparison(function, x, y, kernels: kernels).bytes
            : Tensor.binary(function, x, y, kernels: kernels).bytes
        }
        let operands = [(x, y), (one, y), (x, one), (one, one)]
        let all = operands.map { compute($0.broadcast(to: [203]), $1.broadcast(to: [203]).copied()) }
        let width = all[0].count / x.count
        for length in Array(0...70) + [95, 96, 97, 127, 128, 129, 191, 192, 193, 200] {
          let start = length % 4
          let range = (start * width)..<((start + length) * width)
          func part(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x.count == 1 ? x : x[start..<(start + length)] }
          for (pair, expected) in zip(operands, all) where length == 1 || pair.0.count + pair.1.count > 2 {
            let (x, y) = (part(pair.0), part(pair.1))
            let expected = Array(expected[range])
            if compute(x, y) != expected || compute(x.copied(), y) != expected || compute(x, y.copied()) != expected {
              Issue.record("\(function.name) of \(length) \(Scalar.self)")
            }
          }
        }
      }
    }
    for type in ElementType.allCases { check(type.scalar) }
  }

  @Test(arguments: Kernels.supported) func `choices, conversions and copies are right at every length`(
    _ kernels: Kernels
  ) {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      var generator = Seeded(12)
      let x = Tensor<Scalar>.random([140], using: &generator)
      let y = Tensor<Scalar>.random([140], using: &generator)
      let condition = Tensor<Bool>.random([140], using: &generator)
      let (xs, ys, conditions, numbers) = (
        x.elements, y.elements, condition.elements, x.converted(to: Int64.self, kernels: kernels).elements
      )
      for length in Array(1...66) + [127, 128, 129, 140] {
        let start = 140 - length
        // Each of the three whole or a single element that stands for all.
        for single in 0..<8 {
          let parts = (0..<3).map { single >> $0 & 1 == 1 ? start...start : start...139 }
          let chosen = Tensor<Scalar>.selection(
            condition[parts[0]], x[parts[1]], y[parts[2]], kernels: kernels
          ).elements
          for (i, value) in chosen.enumerated() {
            let at = parts.map { $0.count == 1 ? start : start + i }
            if value != (conditions[at[0]] ? xs[at[1]] : ys[at[2]]) { Issue.record("choice \(single) of \(length)") }
          }
        }
        let part = x[start...]
        if part.converted(to: Int64.self, kernels: kernels).elements != Array(numbers[start...]) {
          Issue.record("conversion of \(length) \(Scalar.self)")
        }
        for source in [
          part, part.flipped(), x[Slice(step: 2)][..<min(length, 70)], x[0...0].broadcast(to: [length]),
        ] {
          let target = Tensor<Scalar>.making([source.count]) { $0.copy(source.operand(), kernels: kernels) }
          if target.elements != source.elements { Issue.record("copy of \(length) \(Scalar.self)") }
        }
      }
    }
    for type in ElementType.allCases { check(type.scalar) }
  }

  @Test func `instruction sets agree to the last bit in arithmetic`() {
    func check<Scalar: NumericScalar & Comparable>(_: Scalar.Type) {
      var generator = Seeded(3)
      // Any bits at all.
      func anything() -> Tensor<Scalar> {
        let bytes = 999 * MemoryLayout<Scalar>.stride
        var x = Tensor<Scalar>.zeros([999])
        x.withUnsafeMutableBufferPointer { buffer in
          let raw = UnsafeMutableRawBufferPointer(buffer)
          for i in 0..<bytes { raw[i] = UInt8(truncatingIfNeeded: generator.next()) }
        }
        return x
      }
      let (x, y) = (anything(), anything())
      let names = [
        "add", "subtract", "multiply", "divide", "floor_divide", "modulo", "minimum", "maximum", "copy_sign", "negate",
        "absolute", "sign", "square", "reciprocal", "square_root", "floor", "ceiling", "truncate", "round", "clamp",
      ]
      for function in ck_function.arithmetic where names.contains(function.name) {
        guard ck_function_is_defined(function, Scalar.elementType.kernelType) else { continue }
        let results = Kernels.supported.map { kernels in
          ck_function_operands(function) == 1
            ? x.unary(function, ck_parameters(a: -1, b: 1, c: 0), kernels: kernels)
            : Tensor.binary(function, x, y, kernels: kernels)
        }
        for result in results { #expect(disagreement(result, results[0]) == nil, "\(function.name)") }
      }
    }
    for type in ElementType.numbers { check(type.number) }
  }

  // MARK: Arrangements in memory

  /// Shapes for whole blocks, tiles, short rows, transposes and their remainders.
  static let shapes = [
    [1100], [33, 65], [90, 3], [3, 5, 70], [40, 3, 5], [6, 5, 4, 3, 2], [2, 1100], [17, 2, 33],
  ]

  static func forEachShape(seed: UInt64, _ body: ([Int], inout Seeded) -> Void) {
    var generator = Seeded(seed)
    for shape in shapes { body(shape, &generator) }
    for _ in 0..<40 {
      let shape = randomShape(using: &generator)
      body(shape, &generator)
    }
  }

  @Test(arguments: ElementType.allCases) func `operands are read wherever they lie`(_ type: ElementType) {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      let negation = Scalar.elementType == .bool ? ck_logical_not : ck_negate
      let addition = Scalar.elementType == .bool ? ck_logical_xor : ck_subtract
      Self.forEachShape(seed: 4) { shape, generator in
        let kernels = Kernels.supported.randomElement(using: &generator)!
        let x = Tensor<Scalar>.randomView(shape, using: &generator)
        let y = Tensor<Scalar>.randomView(shape, using: &generator)
        let condition = Tensor<Bool>.randomView(shape, using: &generator)
        let (plainX, plainY, plainCondition) = (
          Tensor(shape: shape, scalars: x.elements), Tensor(shape: shape, scalars: y.elements),
          Tensor(shape: shape, scalars: condition.elements)
        )
        func message() -> Comment { "\(x.layout) \(y.layout) \(condition.layout) \(kernels.name)" }
        #expect(x.copied().elements == x.elements, message())
        #expect(x.unary(negation, kernels: kernels).bits == plainX.unary(negation, kernels: kernels).bits, message())
        #expect(
          Tensor.binary(addition, x, y, kernels: kernels).bits
            == Tensor.binary(addition, plainX, plainY, kernels: kernels).bits, message())
        #expect(
          Tensor.comparison(ck_less, x, y, kernels: kernels).bits
            == Tensor.comparison(ck_less, plainX, plainY, kernels: kernels).bits, message())
        #expect(
          Tensor.selection(condition, x, y, kernels: kernels).bits
            == zip(plainCondition.elements, zip(plainX.elements, plainY.elements)).map { $0 ? $1.0 : $1.1 }
            .withUnsafeBytes { Array($0) }, message())
        #expect(
          x.converted(to: Int64.self, kernels: kernels).bits == plainX.converted(to: Int64.self, kernels: kernels).bits,
          message())
        #expect(
          x.converted(to: UInt8.self, kernels: kernels).bits == plainX.converted(to: UInt8.self, kernels: kernels).bits,
          message())
      }
    }
    check(type.scalar)
  }

  @Test(arguments: ElementType.allCases) func `results are written wherever they lie, and nowhere else`(
    _ type: ElementType
  ) {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      let addition = Scalar.elementType == .bool ? ck_logical_xor : ck_subtract
      Self.forEachShape(seed: 5) { shape, generator in
        let kernels = Kernels.supported.randomElement(using: &generator)!
        var target = Tensor<Scalar>.random(shape, using: &generator).rearranged(using: &generator)
        let source = Tensor<Scalar>.randomView(shape, using: &generator)
        let before = (0..<target.storage.count).map { target.storage.base[$0] }
        let own = Set(target.layout.offsets)
        func message() -> Comment { "\(target.layout) \(source.layout) \(kernels.name)" }
        func checkRest() {
          for (i, value) in before.enumerated() where !own.contains(i) && target.storage.base[i] != value {
            Issue.record("an element outside was overwritten: \(message())")
          }
        }
        // In place, with another operand.
        let expected = Tensor.binary(
          addition, Tensor(shape: shape, scalars: target.elements), Tensor(shape: shape, scalars: source.elements),
          kernels: kernels)
        target.overwrite { $0.write(addition, of: $0.operand, source.operand(), kernels: kernels) }
        #expect(target.elements == expected.elements, message())
        checkRest()
        target.overwrite { $0.copy(source.operand(), kernels: kernels) }
        #expect(target.elements == source.elements, message())
        checkRest()
        target.overwrite { $0.copy(Operand(Scalar.oneValue), kernels: kernels) }
        #expect(target.elements.allSatisfy { $0 == .oneValue }, message())
        checkRest()
      }
    }
    check(type.scalar)
  }

  @Test(arguments: ElementType.allCases) func `operands broadcast as index by index`(_ type: ElementType) {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      var generator = Seeded(6)
      let function = Scalar.elementType == .bool ? ck_logical_xor : ck_subtract
      for _ in 0..<60 {
        let shape = randomShape(using: &generator)
        func part() -> [Int] {
          shape.dropFirst(Int.random(in: 0...shape.count, using: &generator)).map {
            Bool.random(using: &generator) ? 1 : $0
          }
        }
        let x = Tensor<Scalar>.random(part(), using: &generator)
        let y = Tensor<Scalar>.random(part(), using: &generator)
        let condition = Tensor<Bool>.random(part(), using: &generator)
        let both = Layout.broadcastShape(x.shape, y.shape)!
        let all = Layout.broadcastShape(both, condition.shape)!
        func spread<Element>(_ x: Tensor<Element>, _ shape: [Int]) -> Tensor<Element> {
          Tensor(
            shape: shape,
            scalars: indices(shape).map { index in
              x.storage.base[x.layout.offset(at: zip(index.suffix(x.rank), x.shape).map { $1 == 1 ? 0 : $0 })]
            })
        }
        let expected = Tensor.binary(function, spread(x, both), spread(y, both))
        #expect(disagreement(Tensor.binary(function, x, y), expected) == nil)
        #expect(disagreement(Tensor.binary(function, x.copied(), y.copied()), expected) == nil)
        let compared = Tensor<Scalar>.comparison(ck_less_equal, spread(x, both), spread(y, both))
        #expect(disagreement(Tensor<Scalar>.comparison(ck_less_equal, x, y), compared) == nil)
        #expect(
          disagreement(
            Tensor<Scalar>.where(condition, x, y),
            Tensor<Scalar>.where(spread(condition, all), spread(x, all), spread(y, all))) == nil)
      }
    }
    check(type.scalar)
  }

  @Test func `results past the caches are the same`() {
    let threshold = ck_streaming_threshold()
    defer { ck_set_streaming_threshold(threshold) }
    ck_set_streaming_threshold(1 << 12)
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      var generator = Seeded(7)
      let negation = Scalar.elementType == .bool ? ck_logical_not : ck_negate
      for shape in [[4200], [65, 70], [3, 1500], [33, 128]] {
        let x = Tensor<Scalar>.random(shape, using: &generator)
        let expected = Array(x.elements)
        for kernels in Kernels.supported {
          // Unaligned in memory, at first with rows that are whole lines.
          for start in [0, 1, 64] {
            var host = Tensor<Scalar>.zeros([x.count + 128])
            let part = Layout(shape: shape, strides: Layout.contiguousStrides(shape), offset: start)
            for source in [x, x.transposed.copied().transposed] {
              host.overwrite { $0.copy(source.operand(), to: part, kernels: kernels) }
              #expect(host.view(part).elements == expected, "\(shape) \(start) \(kernels.name)")
              host.overwrite {
                $0.write(to: part, reading: source.operand()) {
                  ck_unary(
                    kernels.table, negation, Scalar.elementType.kernelType, $0.rank, $0.shape, $0.result, $0.x, .none)
                }
              }
              #expect(
                host.view(part).bits == x.unary(negation, kernels: kernels).bits, "\(shape) \(start) \(kernels.name)")
            }
            for outside in [0..<start, (start + x.count)..<(x.count + 128)] {
              #expect(outside.allSatisfy { host.storage.base[$0] == .zeroValue })
            }
          }
        }
      }
    }
    for type in [ElementType.float, .double, .uint8, .bool] { check(type.scalar) }
    func checkActivations<Scalar: RealScalar>(_: Scalar.Type) {
      var generator = Seeded(8)
      let x = Tensor<Scalar>.random([5000], using: &generator) / 4
      let upstream = Tensor<Scalar>.random([5000], using: &generator)
      let parameters = ck_parameters(a: 0.3, b: 1.7, c: 0.5)
      for kernels in Kernels.supported {
        for function in (0..<CK_FUNCTION_COUNT.rawValue).map({ ck_function($0) }) {
          guard ck_function_is_activation(function) else { continue }
          func results() -> [Tensor<Scalar>] {
            [
              x.unary(function, parameters, kernels: kernels),
              Tensor.biased(function, x, upstream, parameters, kernels: kernels),
              Tensor.pullback(function, upstream, at: x, parameters, kernels: kernels),
            ]
          }
          ck_set_streaming_threshold(.max)
          let expected = results()
          ck_set_streaming_threshold(1 << 12)
          for (found, expected) in zip(results(), expected) {
            #expect(disagreement(found, expected) == nil, "\(function.name) \(kernels.name)")
          }
        }
      }
    }
    checkActivations(Float.self)
    checkActivations(Double.self)
  }

  @Test func `functions with real results of integers are those of Floats`() {
    let x = Tensor<Int32>([0, 1, 2, 7])
    let real = x.cast(to: Float.self)
    #expect(x.exp() == real.exp() && x.log() == real.log() && x.sin() == real.sin())
    #expect(Tensor<UInt8>([0, 4, 255]).squareRoot() == Tensor<Float>([0, 4, 255]).squareRoot())
    #expect(Tensor<Int64>([-8, 27]).cubeRoot() == [-2, 3])
    #expect(Tensor<Int64>.hypotenuse([3], [4]) == [5] && Tensor<Int64>.atan2(y: [0], x: [1]) == [0])
    #expect(x.transposed[1 ..< .end - 1].exp2() == [2, 4])
  }
}

extension Tensor {
  /// The bytes of a contiguous tensor's elements.
  fileprivate var bytes: [UInt8] { withUnsafeBufferPointer { Array(UnsafeRawBufferPointer($0)) } }
}
