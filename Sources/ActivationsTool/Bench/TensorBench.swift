import Tensor

/// Tensor operations by name and shape.
struct TensorBench {
  let names: Set<String>
  let report: BenchReport
  /// All cases, timed or not.
  private(set) var known: Set<String> = []

  init(names: Set<String>, report: BenchReport) {
    self.names = names
    self.report = report
  }

  mutating func run(using generator: inout PhiloxGenerator) {
    for size in [32, 256, 1024, 4096] { elementsAndAxes(size, using: &generator) }
    for size in [8, 64, 256, 1024] { linearAlgebra(size, using: &generator) }
  }

  private mutating func time<Result>(_ name: String, _ size: Int, _ body: () throws -> Result) rethrows {
    known.insert(name)
    if names.isEmpty || names.contains(name) { try report.time(name, [size, size], body) }
  }

  private mutating func elementsAndAxes(_ size: Int, using generator: inout PhiloxGenerator) {
    let x = Tensor<Float>.normal([size, size], using: &generator)
    let y = Tensor<Float>.normal([size, size], using: &generator)
    let row = y[0].copied()
    let column = y[0..., 0..<1].copied()
    let mask = x .> 0
    let rows = Tensor<Int64>.integers([size], in: 0..<Int64(size), using: &generator)

    time("add", size) { x + y }
    time("multiply_scalar", size) { x * 2 }
    time("add_row", size) { x + row }
    time("add_column", size) { x + column }
    time("add_transposed", size) { x + y.transposed }
    time("divide", size) { x / y }
    time("sqrt", size) { x.absolute().squareRoot() }
    time("log", size) { x.absolute().log() }
    time("greater", size) { x .> y }
    time("where", size) { Tensor.where(mask, x, y) }
    time("clip", size) { x.clamped(-1...1) }
    time("sum", size) { x.sum() }
    time("sum_axis0", size) { x.sum(axis: 0) }
    time("sum_axis1", size) { x.sum(axis: 1) }
    time("mean_axis1", size) { x.mean(axis: 1) }
    time("variance_axis1", size) { x.variance(axis: 1) }
    time("max_axis0", size) { x.max(axis: 0) }
    time("max_axis1", size) { x.max(axis: 1) }
    time("argmax_axis1", size) { x.argMax(axis: 1) }
    time("cumsum_axis1", size) { x.cumulativeSum(axis: 1) }
    time("norm", size) { x.norm() }
    time("transpose_copy", size) { x.transposed.contiguous }
    time("strided_copy", size) { x[Slice(step: 2), Slice(step: 2)].contiguous }
    time("take_rows", size) { x[rows] }
    time("concatenate_axis1", size) { Tensor.concatenated([x, y], axis: 1) }
    if size <= 1024 { time("sort_axis1", size) { x.sorted(axis: 1) } }
  }

  private mutating func linearAlgebra(_ size: Int, using generator: inout PhiloxGenerator) {
    let x = Tensor<Float>.normal([size, size], using: &generator)
    let y = Tensor<Float>.normal([size, size], using: &generator)
    let definite = x.matmul(x.transposed) + Float(size) * Tensor.identity(size)
    let right = Tensor<Float>.normal([size, 4], using: &generator)
    let batch = Tensor<Float>.normal([16, size, size], using: &generator)

    time("matmul", size) { x.matmul(y) }
    time("matmul_transposed", size) { x.transposed.matmul(y) }
    time("matvec", size) { x.matmul(y[0..., 0]) }
    if size < 1024 { time("matmul_batched16", size) { batch.matmul(y) } }
    do {
      try time("solve", size) { try x.solve(right) }
      try time("inverse", size) { try x.inverse() }
      try time("cholesky", size) { try definite.cholesky() }
      time("qr", size) { x.qr() }
      if size < 1024 {
        try time("eigh", size) { try definite.eigenSymmetric() }
        try time("svd", size) { try x.svd() }
      }
    } catch {
      trap("a random matrix is singular: \(error)")
    }
  }
}
