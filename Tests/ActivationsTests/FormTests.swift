import CKernels
import Testing

@testable import Activations
@testable import Tensor

/// Bits in row-major order; all NaN are alike.
private func bits<Scalar: RealScalar>(_ x: Tensor<Scalar>) -> [UInt64] {
  x.scalars.map { $0.isNaN ? 1 << 63 - 1 : UInt64($0.bitPattern) }
}

extension BinaryFloatingPoint where RawSignificand: FixedWidthInteger {
  fileprivate var bitPattern: UInt64 {
    if let float = self as? Float { return UInt64(float.bitPattern) }
    return (self as! Double).bitPattern
  }
}

private func inputs<Scalar: RealScalar>(_ shape: [Int], seed: UInt64 = 3) -> Tensor<Scalar> {
  var generator = PhiloxGenerator(seed: seed)
  var x = Tensor<Scalar>.normal(shape, standardDeviation: 4, using: &generator)
  if x.count > 8 {
    let special: [Scalar] = [.nan, .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, -1, 3]
    x.withMutableSpan { span in
      for (index, value) in special.enumerated() { span[index * (span.count / 8)] = value }
    }
  }
  return x
}

private let elementwise = Variant.all.map { $0.activation(Float.self) }

private func allocations(_ body: () throws -> Void) rethrows -> Int {
  let before = ck_allocations()
  try body()
  return ck_allocations() - before
}

/// Every way to call an elementwise activation gives the same bits.
@Suite struct FormTests {
  /// Views of every kind: contiguous, transposed, flipped, with steps, repeated, of rank 0, empty.
  private func views(of x: Tensor<Float>) -> [Tensor<Float>] {
    [
      x, x.transposed, x.flipped(axis: 1), x[0..., Slice(step: 2)], x[1..., 1], x[0, 0, 0], x[0..<0],
      x[0..., 0..<1].broadcast(to: x.shape), x[0..., 1...],
    ]
  }

  @Test(arguments: elementwise.filter(\.pullsBackFromOutput))
  func `a gradient from the output is that from the input, where an activation allows it`(
    activation: Activation<Float>
  ) throws {
    let x: Tensor<Float> = inputs([1000])
    let y = try activation(x)
    let upstream: Tensor<Float> = inputs([1000], seed: 4)
    let gradient = try activation.pullback(upstream, input: x)
    #expect(bits(try activation.pullback(upstream, input: y, output: y)) == bits(gradient))
  }

  @Test(arguments: elementwise)
  func `returning, in place and into a tensor, whatever the strides`(activation: Activation<Float>) throws {
    for kernels in Kernels.supported {
      for x in views(of: inputs([3, 5, 17])) {
        let expected = bits(try activation(x.copied(), kernels: kernels))
        let returned = try activation(x, kernels: kernels)
        #expect(returned.shape == x.shape)
        #expect(bits(returned) == expected)

        var own = x.copied()
        try activation.apply(to: &own, kernels: kernels)
        #expect(bits(own) == expected)

        var shared = x
        try activation.apply(to: &shared, kernels: kernels)
        #expect(bits(shared) == expected)

        var result = Tensor<Float>.zeros(x.shape.reversed()).transposed
        try activation.apply(to: x, into: &result, kernels: kernels)
        #expect(bits(result) == expected)
      }
    }
  }

  @Test(arguments: elementwise)
  func `with a bias as of the sum, whatever the bias is broadcast along`(activation: Activation<Float>) throws {
    let x: Tensor<Float> = inputs([4, 19])
    for kernels in Kernels.supported {
      for shape in [[], [1], [19], [4, 1], [1, 19], [4, 19]] {
        let bias: Tensor<Float> = inputs(shape, seed: 4)
        for x in [x, x.flipped(axis: 0), x.transposed.copied().transposed] {
          let expected = bits(try activation(x + bias, kernels: kernels))
          #expect(bits(try activation(x, bias: bias, kernels: kernels)) == expected)

          var own = x.copied()
          try activation.apply(to: &own, bias: bias, kernels: kernels)
          #expect(bits(own) == expected)

          var result = Tensor<Float>.zeros([4, 19])
          try activation.apply(to: x, bias: bias, into: &result, kernels: kernels)
          #expect(bits(result) == expected)
        }
      }
    }
  }

  @Test(arguments: elementwise)
  func `pullbacks, whatever the strides, are the upstream gradient times the slope`(
    activation: Activation<Float>
  ) throws {
    for kernels in Kernels.supported {
      let gradients: Tensor<Float> = .linspace(-2, 2, count: 255).reshaped([3, 5, 17])
      for (x, upstream) in zip(views(of: inputs([3, 5, 17])), views(of: gradients)) {
        let slope = try activation.derivative(at: x.copied(), kernels: kernels)
        #expect(bits(try activation.derivative(at: x, kernels: kernels)) == bits(slope))
        let expected = bits(upstream.copied() * slope)
        #expect(bits(try activation.pullback(upstream, input: x, kernels: kernels)) == expected)
        #expect(bits(try activation.pullback(upstream.copied(), input: x.copied(), kernels: kernels)) == expected)
        let output = try activation(x, kernels: kernels)
        #expect(bits(try activation.pullback(upstream, input: x, output: output, kernels: kernels)) == expected)
      }
    }
  }

  @Test func `Double takes the same forms`() throws {
    let x: Tensor<Double> = inputs([7, 9])
    let bias: Tensor<Double> = inputs([9], seed: 4)
    for activation in Activation<Double>.catalog where activation.isElementwise {
      let expected = bits(try activation(x))
      var own = x.copied()
      try activation.apply(to: &own)
      #expect(bits(own) == expected)
      #expect(bits(try activation(x.transposed).transposed) == expected)
      #expect(bits(try activation(x, bias: bias)) == bits(try activation(x + bias)))
    }
  }

  @Test func `activations along axes take the same forms`() throws {
    let x = Tensor<Float>.linspace(-3, 5, count: 24).reshaped([4, 6])
    let bias = Tensor<Float>.linspace(-1, 1, count: 6)
    for activation in Activation<Float>.catalog where !activation.isElementwise {
      let expected = try activation(x + bias)
      #expect(try activation(x, bias: bias) == expected)
      var own = x
      try activation.apply(to: &own, bias: bias)
      #expect(own == expected)
      var result = Tensor<Float>.zeros(expected.shape)
      try activation.apply(to: x, bias: bias, into: &result)
      #expect(result == expected)
      let upstream = Tensor<Float>.ones(expected.shape)
      let gradient = try activation.pullback(upstream, input: x + bias)
      #expect(gradient.shape == x.shape)
      #expect(try activation.pullback(upstream, input: x + bias, output: expected) == gradient)
    }
  }

  @Test func `a tensor stays as it is where an activation throws`() {
    var x = Tensor<Float>([1, 2, 3])
    #expect(throws: ActivationError.self) { try Activation.softmax.apply(to: &x) }
    #expect(x.scalars == [1, 2, 3])
  }

  @Test func `in place on a part writes to that part, and to the tensor's own copy where it is shared`() throws {
    var x: Tensor<Float> = [[-1, -2], [-3, 4]]
    let held = x
    try Activation.relu.apply(to: &x[0..., 0])
    #expect(x.scalars == [0, -2, 0, 4])
    #expect(held.scalars == [-1, -2, -3, 4])
    try Activation.relu.apply(to: held, into: &x)
    #expect(x.scalars == [0, 0, 0, 4])
    var line = Tensor<Float>([-1]).broadcast(to: [3])
    try Activation.relu.apply(to: &line)
    #expect(line.scalars == [0, 0, 0])
  }

  @Test func `nothing is allocated but the result`() throws {
    let f = Activation<Float>.elu(alpha: 0.3)
    let x: Tensor<Float> = inputs([8, 6])
    let bias: Tensor<Float> = inputs([6])
    #expect(try allocations { _ = try f(x) } == 1)
    #expect(try allocations { _ = try f(x[0..., Slice(step: 2)]) } == 1)
    #expect(try allocations { _ = try f(x.transposed, bias: bias[0]) } == 1)
    #expect(try allocations { _ = try f(f(x), bias: bias) } == 1)
    #expect(try allocations { _ = try f.derivative(at: x) } <= 2)
    #expect(try allocations { _ = try f.pullback(x, input: x) } == 1)
    #expect(try allocations { _ = try Activation.linear(x) } == 0)
    #expect(try allocations { _ = try Activation.linear(x, bias: bias) } == 1)
    #expect(try allocations { _ = try Activation.linear(f(x), bias: bias) } == 1)
    #expect(allocations { _ = relu(silu(relu(x))) } == 1)
    var y = x.copied()
    var wide = x.copied()
    let count = try allocations {
      try f.apply(to: &y)
      try f.apply(to: &y, bias: bias)
      try f.apply(to: x, into: &y)
      try f.apply(to: x, bias: bias, into: &y)
      try f.apply(to: x.transposed.transposed, into: &wide)
    }
    #expect(count == 0)
  }
}
