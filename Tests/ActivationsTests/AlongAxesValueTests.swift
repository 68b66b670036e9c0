import CKernels
import Foundation
import Tensor
import TestSupport
import Testing

@testable import Activations

/// Lines with exact results and gradients, made by Fixtures/make_along_axes.py.
struct AlongAxesFixture: Decodable, Sendable {
  let activation: String
  let x: [Double]
  let y: [Double]
  let upstream: [Double]
  let gradient: [Double]

  var definition: AxisDefinition { AxisDefinition.all.first { $0.name == activation }! }

  static let all: [AlongAxesFixture] = {
    let url = Bundle.module.url(forResource: "along_axes", withExtension: "json", subdirectory: "Fixtures")!
    return try! JSONDecoder().decode([AlongAxesFixture].self, from: Data(contentsOf: url))
  }()
}

@Suite struct AlongAxesValueTests {
  private func checkValues<Scalar: RealScalar>(_ fixture: AlongAxesFixture, _ kernels: Kernels, _: Scalar.Type) throws {
    // 33 equal lines, so that whole blocks and a rest occur.
    let line = Tensor<Scalar>(fixture.x.map { Scalar($0) }).reshaped([1, -1])
    let y = try AxisActivation(fixture.definition)(line.broadcast(to: [33, line.shape[1]]), kernels: kernels)
    let errors = fixture.definition.formula.errors
    let bound = try #require(Scalar.self == Float.self ? errors.value?.float : errors.value?.double)
    let floor = errors.valueScale == nil ? 0 : fixture.y.map(abs).max()!
    for row in [0, 15, 16, 32] {
      for (i, exact) in fixture.y.enumerated() {
        let value = y[at: row, i]
        let found = "\(fixture.activation) of \(line.shape[1]), element \(i): \(value), not \(exact), \(kernels.name)"
        #expect(ulps(value, from: exact, floor: floor) <= bound, "\(found)")
      }
    }
  }

  @Test(arguments: AlongAxesFixture.all.indices)
  func `values agree with the exact ones`(index: Int) throws {
    for kernels in Kernels.supported {
      try checkValues(AlongAxesFixture.all[index], kernels, Float.self)
      try checkValues(AlongAxesFixture.all[index], kernels, Double.self)
    }
  }

  private func checkGradients<Scalar: RealScalar>(
    _ fixture: AlongAxesFixture, _ kernels: Kernels, _: Scalar.Type
  ) throws {
    let x = Tensor<Scalar>(fixture.x.map { Scalar($0) }).reshaped([1, -1]).broadcast(to: [33, fixture.x.count])
    let g = Tensor<Scalar>(fixture.upstream.map { Scalar($0) }).reshaped([1, -1])
    let activation = AxisActivation(fixture.definition)
    let y = try activation(x, kernels: kernels)
    let gradient = try activation.pullback(g, input: x, output: y, kernels: kernels)
    #expect(gradient.shape == x.shape)
    // Of a difference: its error is that of its terms.
    let terms = fixture.upstream.map(abs).max()! * Double(fixture.definition == .logSoftmax ? fixture.x.count : 1)
    for row in [0, 15, 32] {
      for (i, exact) in fixture.gradient.enumerated() {
        let error = abs(Double(gradient[at: row, i]) - exact)
        #expect(error <= 4 * Double(Scalar.ulpOfOne) * max(terms, abs(exact)), "\(fixture.activation), element \(i)")
      }
    }
  }

  @Test(arguments: AlongAxesFixture.all.indices)
  func `gradients agree with the exact ones`(index: Int) throws {
    for kernels in Kernels.supported {
      try checkGradients(AlongAxesFixture.all[index], kernels, Float.self)
      try checkGradients(AlongAxesFixture.all[index], kernels, Double.self)
    }
  }

  @Test(arguments: [2, 7, 16, 100, 255, 256, 1000])
  func `probabilities of random lines are within four units in the last place, logarithms within one`(length: Int)
    throws
  {
    var generator = PhiloxGenerator(seed: UInt64(length))
    let x = Tensor<Float>.normal([20, length], standardDeviation: 10, using: &generator)
    for kernels in Kernels.supported {
      for (view, axis) in [(x, 1), (x.transposed.copied(), 0)] {
        let y = try AxisActivation(.softmax, .axes([axis]))(view, kernels: kernels)
        let z = try AxisActivation(.logSoftmax, .axes([axis]))(view, kernels: kernels)
        for row in 0..<20 {
          let line = x[row].scalars.map { Double($0) }
          let top = line.indices.max { line[$0] < line[$1] }!
          let others = line.indices.reduce(0.0) { $1 == top ? $0 : $0 + exp(line[$1] - line[top]) }
          for i in 0..<length {
            let (value, logarithm) = axis == 1 ? (y[at: row, i], z[at: row, i]) : (y[at: i, row], z[at: i, row])
            #expect(ulps(value, from: exp(line[i] - line[top]) / (1 + others)) <= 4)
            #expect(ulps(logarithm, from: line[i] - line[top] - log1p(others)) <= 1)
          }
        }
      }
    }
  }
}

@Suite struct AlongAxesLayoutTests {
  private func layouts(_ x: Tensor<Double>) -> [Tensor<Double>] {
    [
      x, x.permuted([2, 0, 1]).copied().permuted([1, 2, 0]), x.transposed.copied().transposed,
      x.flipped().copied().flipped(), x.repeated(2, axis: 2)[0..., 0..., Slice(step: 2)],
    ]
  }

  @Test(arguments: [[3, 4, 6], [2, 70, 4], [5, 2, 260], [40, 6, 2]])
  func `every layout and choice of axes gives what lines one behind the other give`(shape: [Int]) throws {
    var generator = PhiloxGenerator(seed: 5)
    let x = Tensor<Double>.normal(shape, standardDeviation: 3, using: &generator)
    for definition in [AxisDefinition.softmax, .softmin, .logSoftmax, .sparsemax] {
      for axes in [[0], [1], [-1], [0, 1], [2, 0], [-2, -1], [0, 1, 2], []] {
        let reduced = axes.map { $0 < 0 ? $0 + 3 : $0 }.sorted()
        let kept = (0..<3).filter { !reduced.contains($0) }
        let order = kept + reduced
        let back = (0..<3).map { order.firstIndex(of: $0)! }
        let lines = x.permuted(order).copied().reshaped([kept.reduce(1) { $0 * shape[$1] }, -1])
        let activation = AxisActivation(definition, .axes(axes))
        let expected = try AxisActivation(definition)(lines).reshaped(order.map { shape[$0] }).permuted(back)
        let g = Tensor<Double>.normal(shape, using: &generator)
        for view in layouts(x) {
          let y = try activation(view)
          #expect(
            y.isAlmostEqual(to: expected, relativeTolerance: 1e-14, absoluteTolerance: 1e-15),
            "\(activation.name) over \(axes) of \(shape)")
          let owned = view.copied()
          #expect(try activation(owned).scalars == y.copied().scalars)
          let gradient = try activation.pullback(g.copied(), input: view, output: y)
          let known = try activation.pullback(g, input: x, output: expected.copied())
          #expect(
            gradient.isAlmostEqual(to: known, relativeTolerance: 1e-12, absoluteTolerance: 1e-14),
            "gradient of \(activation.name) over \(axes)")
        }
      }
      #expect(
        try AxisActivation(definition, .all)(x).scalars == AxisActivation(definition, .axes([0, 1, 2]))(x).scalars)
    }
  }

  @Test func `gated linear units along any axis of any layout`() throws {
    var generator = PhiloxGenerator(seed: 6)
    let x = Tensor<Double>.normal([4, 6, 10], using: &generator)
    for axis in [0, 1, -1] {
      let halves = x.split(into: 2, axis: axis)
      let expected = halves[0] / ((-halves[1]).exp() + 1)
      for view in layouts(x) {
        let y = try glu(view, axis: axis)
        #expect(y.isAlmostEqual(to: expected, relativeTolerance: 1e-14, absoluteTolerance: 0))
        let gradient = try AxisActivation(.glu, .axes([axis])).pullback(
          Tensor<Double>.ones(y.shape), input: view, output: y)
        let gate = expected / halves[0]
        let known = Tensor.concatenated([gate, expected * (1 - gate)], axis: axis)
        #expect(gradient.isAlmostEqual(to: known, relativeTolerance: 1e-12, absoluteTolerance: 0))
      }
    }
  }

  @Test func `the gradients of gated linear units are the same to the last bit in any layout`() throws {
    var generator = PhiloxGenerator(seed: 11)
    let x = Tensor<Double>.normal([4, 6, 10], standardDeviation: 300, using: &generator)
    for axis in [0, 1, -1] {
      let activation = AxisActivation(.glu, .axes([axis]))
      let y = try activation(x)
      let g = Tensor<Double>.normal(y.shape, using: &generator)
      let expected = try activation.pullback(g, input: x, output: y)
      for view in layouts(x) {
        for upstream in layouts(g) {
          let gradient = try activation.pullback(upstream, input: view, output: y)
          #expect(gradient.copied().scalars == expected.copied().scalars)
        }
      }
    }
  }

  @Test func `results do not depend on the number of threads`() throws {
    let threadCount = ThreadCount()
    defer { threadCount.restore() }
    var generator = PhiloxGenerator(seed: 7)
    for shape in [[9001, 10], [700, 128], [130, 1000], [128, 701]] {
      let x = Tensor<Float>.normal(shape, standardDeviation: 3, using: &generator)
      for definition in [AxisDefinition.softmax, .logSoftmax] {
        for axis in [0, 1] {
          let activation = AxisActivation(definition, .axes([axis]))
          Threads.count = 1
          let alone = try activation(x)
          let gradient = try activation.pullback(x, input: x, output: alone)
          Threads.count = 2
          #expect(try activation(x).scalars == alone.scalars)
          #expect(try activation.pullback(x, input: x, output: alone).scalars == gradient.scalars)
        }
      }
    }
  }

  @Test func `the sole holder's storage is used again`() throws {
    let x = Tensor<Float>.ones([4, 300])
    let before = ck_allocations()
    let y = try softmax(consume x)
    let z = try logSoftmax(consume y, axis: 0)
    _ = try sparsemax(consume z)
    #expect(ck_allocations() == before)
  }
}

@Suite struct AlongAxesMeaningTests {
  @Test func `what is not finite makes the whole line NaN, but for minus infinity, whose probability is 0`() throws {
    let x: Tensor<Float> = Tensor([
      .nan, 0, 1, .infinity, 0, 1, .infinity, .infinity, 0, -.infinity, 0, 0, -.infinity, -.infinity, -.infinity,
    ]).reshaped([5, 3])
    for length in [1, 100] {
      // Also in long lines, filled up with what does not count.
      let long = Tensor<Float>.concatenated(
        [x, Tensor<Float>(-.infinity).broadcast(to: [5, 3 * length - 3])], axis: 1)
      for kernels in Kernels.supported {
        let y = try AxisActivation(.softmax)(long, kernels: kernels)
        let z = try AxisActivation(.logSoftmax)(long, kernels: kernels)
        let s = try AxisActivation(.sparsemax)(long, kernels: kernels)
        for row in [0, 1, 2, 4] {
          #expect(y[row].isNaN.all().scalar && z[row].isNaN.all().scalar && s[row].isNaN.all().scalar, "row \(row)")
        }
        #expect(y[3, 0..<3].scalars == [0, 0.5, 0.5])
        #expect(s[3, 0..<3].scalars == [0, 0.5, 0.5])
        #expect(z[3, 0].scalar == -.infinity && abs(z[3, 1].scalar + 0.6931472) < 1e-7)
      }
    }
  }

  @Test func `probabilities become subnormal gradually`() throws {
    let y = try softmax(Tensor<Float>([[0, -88, -95, -102, -103.9, -105]]))
    for (i, x) in [0, -88, -95, -102, -103.9, -105].enumerated() {
      #expect(ulps(y[at: 0, i], from: exp(Double(Float(x)))) <= 1)
    }
  }

  @Test func `huge and far apart logits`() throws {
    #expect(try softmax(Tensor<Float>([[1e30, 1e30, 0], [-1e9, -1e9, -2e9]])).scalars == [0.5, 0.5, 0, 0.5, 0.5, 0])
    #expect(try sparsemax(Tensor<Float>([[3.4e38, -3.4e38]])).scalars == [1, 0])
    #expect(try logSoftmax(Tensor<Float>([[0, -1e9]])).scalars == [0, -1e9])
    #expect(try logSoftmax(Tensor<Double>([[0, -700]]))[at: 0, 0] == -exp(-700))
  }

  @Test func `along no axis every element is a line of its own`() throws {
    let x = Tensor<Float>([[1, -2], [3, 1e9]])
    #expect(try softmax(x, axis: []).scalars == [1, 1, 1, 1])
    #expect(try logSoftmax(x, axis: []).scalars == [0, 0, 0, 0])
  }

  @Test func `tensors without elements stay so`() throws {
    for shape in [[0, 3], [2, 0]] {
      let x = Tensor<Float>.zeros(shape)
      #expect(try softmax(x).shape == shape)
      #expect(try logSoftmax(x).shape == shape)
      #expect(try sparsemax(x, axis: [0, 1]).shape == shape)
    }
    #expect(try glu(Tensor<Float>.zeros([2, 0])).shape == [2, 0])
    #expect(try glu(Tensor<Float>.zeros([0, 4])).shape == [0, 2])
  }

  @Test func `masked elements count as absent`() throws {
    let x = Tensor<Float>([[1, 2, 3], [4, .nan, 6], [7, 8, 9]])
    let mask = Tensor<Bool>([true, false, true, true, false, true, false, false, false]).reshaped([3, 3])
    let y = try softmax(x, mask: mask)
    let pair = try softmax(Tensor<Float>([[1, 3], [4, 6]]))
    #expect(y[0...1, Slice(step: 2)].copied().scalars == pair.scalars)
    #expect(y[0..., 1].copied().scalars == [0, 0, 0])
    #expect(y[2].scalars == [0, 0, 0])
    // Broadcast, along another axis, and in any layout.
    let column = try softmax(
      x[0..., Slice(step: 2)], mask: Tensor<Bool>([true, true, false]).reshaped([3, 1]), axis: 0)
    #expect(column[2].copied().scalars == [0, 0])
    #expect(abs(column[0...1].sum().scalar - 2) < 1e-6)
    #expect(column[at: 1, 0] == (try softmax(Tensor<Float>([[1, 4]])))[at: 0, 1])
  }

  @Test func `long lines are scaled by BLAS and their gradients summed by it, short ones are not`() throws {
    for (length, isLong) in [(255, false), (256, true)] {
      let x = Tensor<Float>.ones([3, length])
      var before = ck_blas_calls()
      let y = try softmax(x)
      #expect(ck_blas_calls() - before == (isLong ? 3 : 0))
      before = ck_blas_calls()
      _ = try AxisActivation(.softmax).pullback(x, input: x, output: y)
      #expect(ck_blas_calls() - before == (isLong ? 3 : 0))
      before = ck_blas_calls()
      _ = try AxisActivation(.logSoftmax).pullback(x, input: x, output: y)
      #expect(ck_blas_calls() - before == (isLong ? 3 : 0))
    }
  }
}
