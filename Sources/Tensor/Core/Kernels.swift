package import CKernels

/// The vector kernels of one instruction set.
package struct Kernels: @unchecked Sendable {
  package let table: OpaquePointer

  package var name: String { String(cString: ck_kernels_name(table)) }

  /// Those of every instruction set that this machine runs, best first.
  package static let supported: [Kernels] = {
    var all: [Kernels] = []
    while let table = ck_kernels_supported(Int32(all.count)) { all.append(Kernels(table: table)) }
    return all
  }()

  package static let best = supported[0]
}

extension ck_parameters {
  package static var none: ck_parameters { ck_parameters(a: 0, b: 0, c: 0) }
}

extension Destination {
  /// Writes function(x).
  @inline(__always)
  mutating func write(
    _ function: ck_function, of x: Operand, _ parameters: ck_parameters = .none, kernels: Kernels = .best
  ) {
    let type = x.type
    write(reading: x) { ck_unary(kernels.table, function, type, $0.rank, $0.shape, $0.result, $0.x, parameters) }
  }

  /// Writes function(x, y).
  @inline(__always)
  mutating func write(
    _ function: ck_function, of x: Operand, _ y: Operand, kernels: Kernels = .best
  ) {
    let type = x.type
    write(reading: x, y) { ck_binary(kernels.table, function, type, $0.rank, $0.shape, $0.result, $0.x, $0.y) }
  }

  /// Writes activation(x + bias), the bias broadcast.
  @inline(__always)
  fileprivate mutating func write(
    _ activation: ck_function, of x: Operand, bias: Tensor<Scalar>?, _ parameters: ck_parameters,
    kernels: Kernels
  ) {
    guard let bias else { return write(activation, of: x, parameters, kernels: kernels) }
    guard let biasLayout = bias.layout.broadcast(to: layout.shape) else {
      trap("a bias of \(bias.shape) does not broadcast to \(layout.shape)")
    }
    write(reading: x, bias.operand(in: biasLayout)) {
      ck_biased(
        kernels.table, activation, Scalar.elementType.kernelType, $0.rank, $0.shape, $0.result, $0.x, $0.y, parameters)
    }
  }

  /// Writes x where the condition holds, else y.
  @inline(__always)
  mutating func write(
    _ x: Operand, where condition: Operand, else y: Operand, kernels: Kernels = .best
  ) {
    write(reading: condition, x, y) {
      ck_select(kernels.table, Scalar.elementType.kernelType, $0.rank, $0.shape, $0.result, $0.x, $0.y, $0.z)
    }
  }

  @inline(__always)
  mutating func copy(_ x: Operand, kernels: Kernels = .best) {
    write(reading: x) {
      ck_copy(kernels.table, Scalar.elementType.kernelType, $0.rank, $0.shape, $0.result, $0.x)
    }
  }

  /// Copies elements to a part, which has their shape.
  @inline(__always)
  mutating func copy(_ x: Operand, to part: Layout, kernels: Kernels = .best) {
    write(to: part, reading: x) {
      ck_copy(kernels.table, Scalar.elementType.kernelType, $0.rank, $0.shape, $0.result, $0.x)
    }
  }

  /// Copies what stands in one part to another that it does not overlap.
  @inline(__always)
  mutating func copy(_ source: Layout, to part: Layout) { copy(operand(in: source), to: part) }

  @inline(__always)
  mutating func fill(_ value: Scalar) { copy(Operand(value)) }

  @inline(__always)
  mutating func fill(_ value: Scalar, _ part: Layout) { copy(Operand(value), to: part) }
}

// MARK: Elementwise

extension Tensor {
  /// function(self), into this tensor's own memory where nobody else holds it.
  package consuming func unary(
    _ function: ck_function, _ parameters: ck_parameters = .none, kernels: Kernels = .best
  ) -> Tensor {
    rewritten { $0.write(function, of: $1, parameters, kernels: kernels) }
  }

  /// What a product that ends so makes of its sums.
  package consuming func applying(_ epilogue: ProductEpilogue) -> Tensor {
    guard let function = epilogue.function else { return self }
    return unary(function, epilogue.parameters)
  }

  /// A predicate, or any other function whose result has its own type.
  func predicate(_ function: ck_function, kernels: Kernels = .best) -> Tensor<Bool> {
    .making(layout.compacted) { $0.write(function, of: operand(), kernels: kernels) }
  }

  /// function(x, y) with broadcasting, into the memory of x or y where nobody else holds it.
  package static func binary(
    _ function: ck_function, _ x: consuming Tensor, _ y: consuming Tensor, kernels: Kernels = .best
  ) -> Tensor {
    let (xLayout, yLayout) = broadcasts(x.layout, y.layout, function)
    return rewriting(x, in: xLayout, y, in: yLayout) { $0.write(function, of: $1, $2, kernels: kernels) }
  }

  static func binary(
    _ function: ck_function, _ x: consuming Tensor, _ y: Scalar, kernels: Kernels = .best
  ) -> Tensor {
    x.rewritten { $0.write(function, of: $1, Operand(y), kernels: kernels) }
  }

  static func binary(
    _ function: ck_function, _ x: Scalar, _ y: consuming Tensor, kernels: Kernels = .best
  ) -> Tensor {
    y.rewritten { $0.write(function, of: Operand(x), $1, kernels: kernels) }
  }

  /// activation(x + bias), the bias broadcast to x's shape, into x's memory where nobody else holds it.
  package static func biased(
    _ activation: ck_function, _ x: consuming Tensor, _ bias: Tensor, _ parameters: ck_parameters,
    kernels: Kernels = .best
  ) -> Tensor {
    x.rewritten { $0.write(activation, of: $1, bias: bias, parameters, kernels: kernels) }
  }

  /// self = activation(self + bias), in this tensor's own memory unless others hold it.
  package mutating func update(
    _ activation: ck_function, bias: Tensor?, _ parameters: ck_parameters, kernels: Kernels = .best
  ) {
    replaceReading { $0.write(activation, of: $1, bias: bias, parameters, kernels: kernels) }
  }

  /// self = activation(x + bias), in this tensor's own memory unless others hold it. Both have the same shape.
  package mutating func assign(
    _ activation: ck_function, of x: Tensor, bias: Tensor?, _ parameters: ck_parameters, kernels: Kernels = .best
  ) {
    replace(like: x) {
      $0.write(activation, of: x.operand(), bias: bias, parameters, kernels: kernels)
    }
  }

  /// upstream · activation′(x), the upstream gradient broadcast to x's shape, into its memory where nobody else holds it.
  package static func pullback(
    _ activation: ck_function, _ upstream: consuming Tensor, at x: Tensor, _ parameters: ck_parameters,
    kernels: Kernels = .best
  ) -> Tensor {
    let layout = upstream.layout(upstreamOf: x.shape)
    return upstream.rewritten(in: layout, like: x) { result, upstream in
      result.write(reading: x.operand(), upstream) {
        ck_pullback(
          kernels.table, activation, Scalar.elementType.kernelType, $0.rank, $0.shape, $0.result, $0.x, $0.y, parameters
        )
      }
    }
  }

  /// This gradient's layout broadcast to the shape of its tensor.
  func layout(upstreamOf shape: [Int]) -> Layout {
    guard let layout = layout.broadcast(to: shape) else {
      trap("an upstream gradient of \(self.shape) does not broadcast to \(shape)")
    }
    return layout
  }

  /// x = function(x, y), in place; y is broadcast to x's shape.
  static func update(_ x: inout Tensor, _ function: ck_function, _ y: Tensor, kernels: Kernels = .best) {
    guard let yLayout = y.layout.broadcast(to: x.shape) else {
      trap("\(x.shape) cannot be updated in place with \(y.shape): the second does not broadcast to the first")
    }
    x.overwrite { $0.write(function, of: $0.operand, y.operand(in: yLayout), kernels: kernels) }
  }

  static func update(_ x: inout Tensor, _ function: ck_function, _ y: Scalar, kernels: Kernels = .best) {
    x.overwrite { $0.write(function, of: $0.operand, Operand(y), kernels: kernels) }
  }

  static func comparison(_ function: ck_function, _ x: Tensor, _ y: Tensor, kernels: Kernels = .best) -> Tensor<Bool> {
    let (xLayout, yLayout) = broadcasts(x.layout, y.layout, function)
    let isWhole = x.layout.shape == xLayout.shape
    return .making(isWhole ? xLayout.compacted : Layout(contiguous: xLayout.shape)) {
      $0.write(function, of: x.operand(in: xLayout), y.operand(in: yLayout), kernels: kernels)
    }
  }

  static func comparison(
    _ function: ck_function, _ x: Tensor, _ y: Scalar, swapped: Bool = false, kernels: Kernels = .best
  ) -> Tensor<Bool> {
    .making(x.layout.compacted) {
      if swapped {
        $0.write(function, of: Operand(y), x.operand(), kernels: kernels)
      } else {
        $0.write(function, of: x.operand(), Operand(y), kernels: kernels)
      }
    }
  }

  static func selection(_ condition: Tensor<Bool>, _ x: Tensor, _ y: Tensor, kernels: Kernels = .best) -> Tensor {
    guard let partial = Layout.broadcastShape(x.shape, y.shape),
      let shape = Layout.broadcastShape(condition.shape, partial)
    else {
      trap("where: the shapes \(condition.shape), \(x.shape) and \(y.shape) do not broadcast")
    }
    return .making(x.shape == shape ? x.layout.compacted : Layout(contiguous: shape)) {
      $0.write(
        x.operand(in: x.layout.broadcast(to: shape)!),
        where: condition.operand(in: condition.layout.broadcast(to: shape)!),
        else: y.operand(in: y.layout.broadcast(to: shape)!), kernels: kernels)
    }
  }

  private static func broadcasts(_ x: Layout, _ y: Layout, _ function: ck_function) -> (Layout, Layout) {
    if x.shape == y.shape { return (x, y) }
    guard let shape = Layout.broadcastShape(x.shape, y.shape) else {
      let name = String(cString: ck_function_name(function))
      trap("\(name): the shapes \(x.shape) and \(y.shape) do not broadcast; axes must agree or have length 1")
    }
    return (x.broadcast(to: shape)!, y.broadcast(to: shape)!)
  }

  func converted<Target: TensorScalar>(to: Target.Type, kernels: Kernels = .best) -> Tensor<Target> {
    .making(layout.compacted) { result in
      result.write(reading: operand()) {
        ck_convert(
          kernels.table, Target.elementType.kernelType, Scalar.elementType.kernelType, $0.rank, $0.shape, $0.result,
          $0.x)
      }
    }
  }
}

// MARK: Along axes

extension Tensor {
  /// Combines the elements along the given axes, which are counted from the front.
  func reduced<Result>(
    _ reduction: ck_reduction, axes: [Int], keepDimensions: Bool, to: Result.Type, kernels: Kernels = .best
  ) -> Tensor<Result> {
    let shape = shape
    var keptShape = shape
    for axis in axes { keptShape[axis] = 1 }
    let result = Tensor<Result>.making(Layout(contiguous: keptShape)) { result in
      result.write(reading: operand()) { call in
        withReducedAxes(axes, rank: shape.count) {
          ck_reduce(
            kernels.table, reduction, Scalar.elementType.kernelType, call.rank, shape, $0, call.result, call.x)
        }
      }
    }
    return keepDimensions ? result : result.view(result.layout.dropping(axes: axes))
  }

  /// Applies a function to every line along an axis; the result has `count` elements there, or the axis is dropped.
  package func lines<Result>(
    _ function: ck_line_function, axis: Int, single: Bool, to: Result.Type, kernels: Kernels = .best
  ) -> Tensor<Result> {
    let moved = layout.moving(axis: axis, to: rank - 1)
    var resultShape = shape
    if single { resultShape[axis] = 1 }
    let layout = Layout(contiguous: resultShape)
    let result = Tensor<Result>.making(layout) { result in
      result.write(to: layout.moving(axis: axis, to: rank - 1), reading: operand(in: moved)) {
        ck_lines(kernels.table, function, Scalar.elementType.kernelType, $0.rank, moved.shape, $0.result, $0.x)
      }
    }
    return single ? result.view(layout.removing(axis: axis)) : result
  }
}

extension Layout {
  /// Without the given axes of length 1.
  func dropping(axes: [Int]) -> Layout {
    if axes.isEmpty { return self }
    if axes.count == rank { return Layout(shape: [], strides: [], offset: offset) }
    return permuted((0..<rank).filter { !axes.contains($0) })
  }
}

/// Lets `body` read for each axis whether it is among these.
func withReducedAxes(_ axes: [Int], rank: Int, _ body: (UnsafePointer<Bool>) -> Void) {
  withUnsafeTemporaryAllocation(of: Bool.self, capacity: max(rank, 1)) { isReduced in
    isReduced.initialize(repeating: false)
    for axis in axes { isReduced[axis] = true }
    body(isReduced.baseAddress!)
  }
}
