import CKernels
import TestSupport
import Testing

@testable import Tensor

/// Products of dense layers by the package's own kernels.
@Suite(.serialized) struct ProductTests {
  static let activations = (0..<CK_FUNCTION_COUNT.rawValue).map { ck_function($0) }.filter(ck_function_is_activation)
  static let parameters = ck_parameters(a: 0.3, b: 1.7, c: 0.5)

  /// Numbers of both signs whose products round.
  static func values<Scalar: RealScalar>(
    _ shape: [Int], seed: UInt64 = 1, of: Scalar.Type = Scalar.self
  ) -> Tensor<Scalar> {
    var generator = PhiloxGenerator(seed: seed)
    return .normal(shape, using: &generator)
  }

  static func product<Scalar: RealScalar>(
    _ x: Tensor<Scalar>, _ matrix: Tensor<Scalar>, bias: Tensor<Scalar>? = nil, epilogue: ProductEpilogue = .identity,
    packed: Bool, _ kernels: Kernels = .best
  ) -> Tensor<Scalar> {
    var result = Tensor<Scalar>.zeros([0])
    if packed {
      BlockedProduct(x, PackedMatrix(matrix, kernels: kernels), bias: bias, epilogue: epilogue).write(to: &result)
    } else {
      BlockedProduct(x, matrix, bias: bias, epilogue: epilogue, kernels: kernels).write(to: &result)
    }
    return result
  }

  // MARK: Values

  @Test(arguments: Kernels.supported) func `every number of rows and columns`(_ kernels: Kernels) {
    func check<Scalar: RealScalar>(_: Scalar.Type) {
      var generator = Seeded(1)
      for columns in 1...70 {
        let steps = (columns * 7) % 41
        let matrix = Tensor<Scalar>.random([steps, columns], using: &generator)
        let packed = PackedMatrix(matrix, kernels: kernels)
        let x = Tensor<Scalar>.random([40, steps], using: &generator)
        let expected = x.matmul(matrix)  // exact: the elements are whole numbers
        var result = Tensor<Scalar>.zeros([0])
        for rows in 1...40 {
          BlockedProduct(x[0..<rows], packed).write(to: &result)
          #expect(result == expected[0..<rows], "[\(rows), \(steps)] [\(steps), \(columns)], packed")
          BlockedProduct(x[0..<rows], matrix, kernels: kernels).write(to: &result)
          #expect(result == expected[0..<rows], "[\(rows), \(steps)] [\(steps), \(columns)]")
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(arguments: Kernels.supported) func `any layout, any factors`(_ kernels: Kernels) {
    func check<Scalar: RealScalar>(_: Scalar.Type) {
      var generator = Seeded(2)
      for _ in 0..<200 {
        let (rows, steps, columns) = (
          Int.random(in: 0...40, using: &generator), Int.random(in: 0...40, using: &generator),
          Int.random(in: 0...70, using: &generator)
        )
        let a = Tensor<Scalar>.randomView([rows, steps], using: &generator)
        let b = Tensor<Scalar>.randomView([steps, columns], using: &generator)
        let bias = Tensor<Scalar>.randomView([columns], using: &generator)
        let expected = a.matmul(b)
        for packed in [false, true] {
          let found = Self.product(a, b, bias: bias, packed: packed, kernels)
          #expect(found == expected + bias, "\(a.layout) \(b.layout) \(packed)")
        }
        let sum = Tensor<Scalar>.random([rows, columns], using: &generator).rearranged(using: &generator)
        for (alpha, beta) in [(1, 0), (1, 1), (-2, 1), (0.5, -3), (0, 2), (1, 0.5)] as [(Scalar, Scalar)] {
          var result = sum
          BlockedProduct(reordering: a, b, alpha: alpha, kernels: kernels).add(to: &result, times: beta)
          #expect(result == alpha * expected + beta * sum, "\(a.layout) \(b.layout) \(sum.layout) \(alpha) \(beta)")
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func `transposed operands of some size`() {
    let (a, b): (Tensor<Float>, Tensor<Float>) = (Self.values([300, 90]), Self.values([300, 75], seed: 2))
    var found = Tensor<Float>.zeros([0])
    BlockedProduct(reordering: a.transposed, b).write(to: &found)
    var copied = Tensor<Float>.zeros([0])
    BlockedProduct(reordering: a.transposed.contiguous, b).write(to: &copied)
    #expect(found == copied)
    #expect((found - a.transposed.matmul(b)).absolute().max().scalar < 1e-4)
    let part = b.transposed[0..., 0..<75].transposed[0..., 0..<40].copied()
    BlockedProduct(reordering: a[0..<75].transposed, part).write(to: &found)
    BlockedProduct(reordering: a[0..<75].transposed.contiguous, b[0..<75, 0..<40]).write(to: &copied)
    #expect(found.shape == [90, 40])
    #expect(found == copied)
  }

  @Test func `leading axes count as rows`() {
    let x = Self.values([2, 3, 4, 20], of: Float.self)
    let matrix = Self.values([20, 9], of: Float.self)
    let rows = Self.product(x.reshaped([24, 20]), matrix, packed: true)
    let result = Self.product(x, matrix, packed: true)
    #expect(result.shape == [2, 3, 4, 9])
    #expect(result.reshaped([24, 9]) == rows)
    #expect(Self.product(x[1, 2, 3], matrix, packed: true) == rows[23])
    let crossed = x.swappingAxes(0, 2)
    #expect(Self.product(crossed, matrix, packed: false) == result.swappingAxes(0, 2))
  }

  // MARK: Accuracy

  @Test(arguments: Kernels.supported) func `errors stay within those of a sum in chunks`(_ kernels: Kernels) {
    for steps in [1, 10, 255, 256, 257, 512, 513, 784, 2048, 5000] {
      let (a, b): (Tensor<Double>, Tensor<Double>) = (Self.values([9, steps]), Self.values([steps, 21], seed: 2))
      let (x, y) = (a.cast(to: Float.self), b.cast(to: Float.self))
      let exact = x.cast(to: Double.self).matmul(y.cast(to: Double.self))
      let rowSquares = a.squared().sum(axis: 1, keepDimensions: true)
      let sizes = (rowSquares * b.squared().sum(axis: 0, keepDimensions: true)).squareRoot()
      let found = Self.product(x, y, packed: true, kernels)
      let error = ((found.cast(to: Double.self) - exact) / sizes).absolute().max().scalar
      // Random walks of at most 256 roundings, and of as many as there are chunks.
      #expect(error < 4e-7, "\(steps) steps: \(error)")
      let blas = ((x.matmul(y).cast(to: Double.self) - exact) / sizes).absolute().max().scalar
      #expect(error <= 3 * blas + 1e-8, "\(steps) steps: \(error), BLAS \(blas)")
    }
  }

  // MARK: The same whatever the way

  @Test(arguments: Kernels.supported) func `a row's result does not depend on the others`(_ kernels: Kernels) {
    func check<Scalar: RealScalar>(_: Scalar.Type) {
      for (steps, columns) in [(300, 150), (70, 10), (513, 37), (20, 1)] {
        let x = Self.values([61, steps], of: Scalar.self)
        let matrix = Self.values([steps, columns], seed: 2, of: Scalar.self)
        let all = Self.product(x, matrix, packed: true, kernels)
        #expect(Self.product(x, matrix, packed: false, kernels).bits == all.bits)
        let copied = matrix.transposed.copied().transposed
        #expect(Self.product(x, copied, packed: false, kernels).bits == all.bits)
        #expect(Self.product(x.transposed.copied().transposed, matrix, packed: false, kernels).bits == all.bits)
        for rows in [1, 2, 3, 4, 5, 6, 7, 13, 15, 29] {
          for packed in [false, true] {
            let some = Self.product(x[7..<(7 + rows)], matrix, packed: packed, kernels)
            #expect(some.bits == all[7..<(7 + rows)].bits, "\(rows) of [\(steps), \(columns)], packed: \(packed)")
          }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test func `instruction sets with fused multiplication agree`() {
    let fused = Kernels.supported.filter { $0.name != "baseline" }
    let x = Self.values([30, 600], of: Float.self)
    let matrix = Self.values([600, 50], seed: 2, of: Float.self)
    let results = fused.map { Self.product(x, matrix, packed: true, $0).bits }
    #expect(results.allSatisfy { $0 == results[0] })
  }

  @Test func `the number of threads changes nothing`() {
    let threadCount = ThreadCount()
    defer { threadCount.restore() }
    for (rows, steps, columns) in [
      (1, 784, 512), (3, 700, 700), (32, 512, 512), (300, 784, 100), (700, 300, 10), (1024, 64, 70),
    ] {
      let x = Self.values([rows, steps], of: Float.self)
      let matrix = Self.values([steps, columns], seed: 2, of: Float.self)
      let bias = Self.values([columns], seed: 3, of: Float.self)
      Threads.count = 1
      let epilogue = ProductEpilogue(ck_hyperbolic_tangent)
      let alone = Self.product(x, matrix, bias: bias, epilogue: epilogue, packed: true).bits
      for count in [2, 3] {
        Threads.count = count
        for packed in [false, true, false, true] {
          let shared = Self.product(x, matrix, bias: bias, epilogue: epilogue, packed: packed)
          #expect(
            shared.bits == alone, "[\(rows), \(steps)] [\(steps), \(columns)] on \(count) threads, packed: \(packed)")
        }
      }
    }
  }

  // MARK: Bias, activation, pre-activation

  @Test(arguments: Kernels.supported) func `ends as the bias and the activation would after it`(_ kernels: Kernels) {
    func check<Scalar: RealScalar>(_: Scalar.Type) {
      let x = Self.values([17, 30], of: Scalar.self)
      let matrix = Self.values([30, 45], seed: 2, of: Scalar.self)
      let bias = Self.values([45], seed: 3, of: Scalar.self)
      let plain = Self.product(x, matrix, packed: true, kernels)
      let sum = Tensor.binary(ck_add, plain, bias, kernels: kernels)
      for function in Self.activations {
        let epilogue = ProductEpilogue(function, Self.parameters)
        let biased = Tensor.biased(function, plain, bias, Self.parameters, kernels: kernels)
        let unbiased = plain.copied().unary(function, Self.parameters, kernels: kernels)
        for packed in [false, true] {
          let found = Self.product(x, matrix, bias: bias, epilogue: epilogue, packed: packed, kernels)
          #expect(found.bits == biased.bits, "\(function.name)")
          let withoutBias = Self.product(x, matrix, epilogue: epilogue, packed: packed, kernels)
          #expect(withoutBias.bits == unbiased.bits, "\(function.name) without bias")
        }
        var (preactivation, result) = (Tensor<Scalar>.zeros([0]), Tensor<Scalar>.zeros([0]))
        BlockedProduct(x, matrix, bias: bias, epilogue: epilogue, kernels: kernels).write(
          to: &result, preactivation: &preactivation)
        #expect(preactivation.bits == sum.bits && result.bits == biased.bits, "\(function.name)")
      }
      var (preactivation, result) = (Tensor<Scalar>.zeros([0]), Tensor<Scalar>.zeros([0]))
      let packed = PackedMatrix(matrix, kernels: kernels)
      BlockedProduct(x, packed, bias: bias, epilogue: .identity).write(to: &result, preactivation: &preactivation)
      #expect(preactivation.bits == sum.bits && result.bits == sum.bits)
      BlockedProduct(x, packed, bias: nil, epilogue: .init(ck_rectifier)).write(
        to: &result, preactivation: &preactivation)
      #expect(preactivation.bits == plain.bits)
      #expect(result.bits == plain.copied().unary(ck_rectifier, kernels: kernels).bits)
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(arguments: Kernels.supported) func `what is not finite spreads as far as it should`(_ kernels: Kernels) {
    var x = Tensor<Float>.zeros([20, 40])
    var matrix = Tensor<Float>.ones([40, 35])
    x[at: 3, 5] = .nan
    x[at: 7, 39] = .infinity
    matrix[at: 11, 34] = .infinity
    for packed in [false, true] {
      let found = Self.product(x, matrix, packed: packed, kernels)
      for row in 0..<20 {
        for column in [0, 33, 34] {
          let value = found[at: row, column]
          let isNaN = row == 3 || column == 34  // 0 · infinity is NaN: zeros are not skipped
          #expect(isNaN ? value.isNaN : value == (row == 7 ? .infinity : 0), "\(row) \(column)")
        }
      }
    }
    var sum = Tensor<Float>(repeating: .nan, shape: [20, 35])
    BlockedProduct(reordering: Tensor.ones([20, 40]), Tensor.ones([40, 35]), kernels: kernels).add(to: &sum, times: 0)
    #expect(sum == Tensor(repeating: 40, shape: [20, 35]))
  }

  // MARK: Memory

  @Test func `a result that fits is written where it is`() {
    let x = Self.values([30, 40], of: Float.self)
    let matrix = Self.values([40, 50], of: Float.self)
    let bias = Self.values([50], of: Float.self)
    let packed = PackedMatrix(matrix)
    var (preactivation, result, square) = (Tensor<Float>.zeros([0]), Tensor<Float>.zeros([0]), Tensor<Float>.zeros([0]))
    let gelu = ProductEpilogue(ck_gelu)
    func all() {
      BlockedProduct(x, packed, bias: bias, epilogue: gelu).write(to: &result, preactivation: &preactivation)
      BlockedProduct(x, matrix, bias: bias, epilogue: gelu).write(to: &result)
      BlockedProduct(reordering: x.transposed, result).write(to: &square)
      BlockedProduct(reordering: x.transposed, result, alpha: -0.5).add(to: &square, times: 1)
    }
    all()
    let addresses = [preactivation, result, square].map(\.storage.base)
    let allocations = ck_allocations()
    for _ in 0..<3 { all() }
    #expect(ck_allocations() == allocations)
    #expect([preactivation, result, square].map(\.storage.base) == addresses)
    let kept = result
    all()
    #expect(kept.storage.base != result.storage.base, "what another tensor holds is not overwritten")
  }

  // MARK: Mistakes

  @Test func `what does not fit stops the program`() async {
    await expectMessage(
      "PackedMatrix takes a matrix, not the shape [3]",
      of: #expect(processExitsWith: .failure, observing: standardError) { _ = PackedMatrix(Tensor<Float>.ones([3])) })
    await expectMessage(
      "a product of [2, 3] and [4, 2]: the first's last axis must be as long as the second's first",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = ProductTests.product(Tensor<Float>.ones([2, 3]), .ones([4, 2]), packed: true)
      })
    await expectMessage(
      "a bias of [3] does not fit a product of 2 columns",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = ProductTests.product(Tensor<Float>.ones([2, 3]), .ones([3, 2]), bias: .ones([3]), packed: false)
      })
    await expectMessage(
      "a product of the shape [2, 4] cannot be added to the shape [2, 2]",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        var sum = Tensor<Float>.ones([2, 2])
        BlockedProduct(reordering: .ones([2, 3]), .ones([3, 4])).add(to: &sum, times: 1)
      })
  }
}
