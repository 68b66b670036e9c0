import CKernels
import Foundation
import TestSupport
import Testing

@testable import Tensor

extension Tensor {
  /// Whether contiguous tensors agree to the last bit.
  fileprivate func hasBits(of other: Tensor) -> Bool {
    withExtendedLifetime((self, other)) {
      count == other.count && memcmp(storage.base, other.storage.base, count * MemoryLayout<Scalar>.stride) == 0
    }
  }
}

/// Calls that several threads share.
@Suite(.serialized) struct ThreadsTests {
  /// Long enough to be shared; the last ones are no multiples of any vector.
  static let lengths = [16384, 65536 + 13]
  static let functions = (0..<CK_FUNCTION_COUNT.rawValue).map { ck_function($0) }

  /// The same bits on 1, 2 and 3 threads. Repeated at once, so that the others are awake.
  func expectSame<Result>(_ comment: @autoclosure () -> String, _ body: () -> Tensor<Result>) {
    let threadCount = ThreadCount()
    defer { threadCount.restore() }
    Threads.count = 1
    let alone = body().contiguous
    for count in [2, 3] {
      Threads.count = count
      for _ in 0..<4 {
        let shared = body().contiguous
        // The sign of NaN is nobody's business: it depends on the order of a product's factors.
        if shared.hasBits(of: alone) { continue }
        guard let difference = disagreement(shared, alone) else { continue }
        Issue.record("\(comment()) on \(count) threads: \(difference)")
        break
      }
    }
  }

  /// Values of all magnitudes and, now and then, special ones.
  static func values<Scalar: RealScalar>(_ count: Int, _: Scalar.Type) -> Tensor<Scalar> {
    var generator = Seeded(UInt64(count))
    let special: [Double] = [0, -0.0, .infinity, -.infinity, .nan, 1e-42, -1e-42, 1e30, -1e30]
    let scalars = (0..<count).map { index in
      let sign = index % 2 == 0 ? 1.0 : -1.0
      let bits = generator.next()
      return bits % 101 == 0
        ? special[index % special.count] : sign * Double(bits >> 40) / 1e6 / Double(1 << (bits % 24))
    }
    return Tensor<Double>(shape: [count], scalars: scalars).cast(to: Scalar.self)
  }

  static let layouts = ["contiguous", "every second", "backwards", "transposed"]

  static func arranged<Scalar>(_ x: Tensor<Scalar>, _ layout: String) -> Tensor<Scalar> {
    switch layout {
    case "every second": x[Slice(step: 2)]
    case "backwards": x.flipped()
    case "transposed": x[0..<x.count / 128 * 128].reshaped([x.count / 128, 128]).transposed.copied().transposed
    default: x
    }
  }

  static let parameters = ck_parameters(a: 0.3, b: 1.7, c: 0.5)

  @Test(arguments: Kernels.supported) func `functions do not depend on the number of threads`(_ kernels: Kernels) {
    func check<Scalar: RealScalar>(_: Scalar.Type) {
      for count in Self.lengths {
        let x = Self.values(count, Scalar.self)
        let y = Self.values(count + 1, Scalar.self)[1...]
        for function in Self.functions where ck_function_is_defined(function, Scalar.elementType.kernelType) {
          let isBool = ck_function_result(function, Scalar.elementType.kernelType) == ck_bool
          if ck_function_operands(function) == 2 {
            if isBool {
              expectSame(function.name) { Tensor.comparison(function, x, y, kernels: kernels) }
            } else {
              expectSame(function.name) { Tensor.binary(function, x, y, kernels: kernels) }
            }
          } else if isBool {
            expectSame(function.name) { x.predicate(function, kernels: kernels) }
          } else {
            expectSame(function.name) { x.unary(function, Self.parameters, kernels: kernels) }
            expectSame(function.name + " in place") { x.copied().unary(function, Self.parameters, kernels: kernels) }
          }
          guard ck_function_is_activation(function) else { continue }
          expectSame(function.name) { Tensor.biased(function, x, y, Self.parameters, kernels: kernels) }
          expectSame(function.name) { Tensor.pullback(function, y, at: x, Self.parameters, kernels: kernels) }
        }
      }
    }
    check(Float.self)
    check(Double.self)
  }

  @Test(arguments: layouts) func `layouts do not depend on the number of threads`(_ layout: String) {
    func check<Scalar: NumericScalar & Comparable>(_: Scalar.Type) {
      let values = Self.values(1 << 16, Float.self).clamped(-100...100).cast(to: Scalar.self)
      let x = Self.arranged(values, layout)
      let y = Self.arranged(values.flipped().copied(), layout)
      let row = x[0].broadcast(to: [x.shape.last!])
      expectSame("copy") { x.copied() }
      expectSame("contiguous") { x.contiguous }
      expectSame("sum") { x + y }
      expectSame("sum with the contiguous") { x + y.contiguous }
      expectSame("product with a row") { x * row }
      expectSame("negation") { -x }
      expectSame("comparison") { x .< y }
      expectSame("choice") { Tensor.where(x .> 0, x, y) }
      expectSame("conversion") { x.cast(to: Double.self) }
      expectSame("truth") { x.cast(to: Bool.self) }
      expectSame("fill") { Tensor(repeating: x[0].contiguous.elements[0], shape: [3, 20000]) }
      expectSame("update") {
        var sum = x.copied()
        sum += y
        return sum
      }
    }
    check(Float.self)
    check(Int64.self)
    check(UInt8.self)
  }

  @Test func `rows of few elements do not depend on the number of threads`() {
    let x = Self.values(30000, Float.self)
    for shape in [[3000, 10], [10, 3000], [2, 15000], [7500, 2, 2], [30, 10, 100]] {
      let matrix = x.reshaped(shape)
      let bias = x[0..<shape.last!]
      expectSame("\(shape)") { Tensor.biased(ck_sigmoid, matrix, bias, .none) }
      expectSame("\(shape), transposed") { Tensor.binary(ck_add, matrix.transposed, matrix.transposed.copied()) }
      expectSame("\(shape), copied") { matrix.transposed.copied() }
      // Angles that are far out change the way their neighbours go.
      let columns = matrix[0..., 1...]
      expectSame("\(shape), sine") { columns.unary(ck_sine) }
      expectSame("\(shape), transposed sine") { columns.transposed.unary(ck_sine) }
    }
  }

  @Test func `random numbers do not depend on the number of threads`() {
    for count in [16384, 100_003] {
      func drawn<Result>(_ draw: (inout PhiloxGenerator) -> Tensor<Result>) -> Tensor<Result> {
        var generator = PhiloxGenerator(seed: 5)
        _ = generator.next()
        return draw(&generator)
      }
      expectSame("normal") { drawn { Tensor<Float>.normal([count], using: &$0) } }
      expectSame("normal") { drawn { Tensor<Double>.normal([count], using: &$0) } }
      expectSame("uniform") { drawn { Tensor<Double>.uniform([count], in: -1..<3, using: &$0) } }
      expectSame("bernoulli") { drawn { Tensor<Bool>.bernoulli([count], probability: 0.3, using: &$0) } }
      expectSame("integers") { drawn { Tensor<Int32>.integers([count], in: .min ... .max, using: &$0) } }
    }
  }

  @Test func `many threads call at once`() {
    let threadCount = ThreadCount()
    defer { threadCount.restore() }
    Threads.count = 3
    let x = Self.values(1 << 17, Float.self).clamped(-4...4)
    let expected = (x.exp() + x).tanh()
    DispatchQueue.concurrentPerform(iterations: 24) { _ in
      for _ in 0..<10 {
        #expect((x.exp() + x).tanh().hasBits(of: expected))
      }
    }
  }

  @Test func `the number of threads changes while others compute`() {
    let threadCount = ThreadCount()
    defer { threadCount.restore() }
    let x = Self.values(1 << 18, Float.self).clamped(-4...4)
    let expected = x.exp()
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      for round in 0..<30 {
        if thread == 0 { Threads.count = 1 + round % 4 }
        #expect(x.exp().hasBits(of: expected))
      }
    }
  }

  @Test func `the environment says how many threads there are at first`() async {
    await #expect(processExitsWith: .success) {
      setenv("ACTIVATIONS_NUM_THREADS", "7", 1)
      #expect(Threads.count == 7)
    }
    await #expect(processExitsWith: .success) {
      setenv("ACTIVATIONS_NUM_THREADS", "-7", 1)
      setenv("OPENBLAS_NUM_THREADS", "1", 1)
      #expect(Threads.count == 1)
    }
    await #expect(processExitsWith: .success) {
      setenv("ACTIVATIONS_NUM_THREADS", "7 threads", 1)
      setenv("OMP_NUM_THREADS", "1000", 1)
      unsetenv("OPENBLAS_NUM_THREADS")
      let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
      let allowed = try #require(status.firstMatch(of: /Cpus_allowed:\s*([0-9a-f,]+)/)).1
      let count = allowed.compactMap(\.hexDigitValue).reduce(0) { $0 + $1.nonzeroBitCount }
      #expect(Threads.count == count)
    }
  }

  @Test func `a process bound to one processor computes on one thread`() async {
    await #expect(processExitsWith: .success) {
      Threads.bind(toProcessor: 0)
      #expect(Threads.count == 1)
      Threads.count = 3
      let x = ThreadsTests.values(1 << 20, Float.self)
      for _ in 0..<10 { _ = x.exp() }
      #expect(Threads.count == 3)
    }
  }

  @Test func `a forked child computes without the pool`() async {
    await #expect(processExitsWith: .success) {
      Threads.count = 2
      let x = ThreadsTests.values(1 << 20, Float.self)
      var sum = x
      for _ in 0..<10 { sum = x.exp() + x.tanh() }  // long enough to start the pool
      typealias Fork = @convention(c) () -> pid_t
      let fork = unsafeBitCast(dlsym(nil, "fork")!, to: Fork.self)
      let child = fork()
      if child == 0 {
        _exit((x.exp() + x.tanh()).hasBits(of: sum) ? 0 : 1)
      }
      var status: Int32 = -1
      waitpid(child, &status, 0)
      #expect(status == 0)
    }
  }
}
