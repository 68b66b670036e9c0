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

extension ElementType {
  var kernelType: ck_type { ck_type(rawValue) }
}

/// Strides of a single element that stands for a whole tensor.
private let noStrides = [Int](repeating: 0, count: Int(CK_MAXIMUM_RANK))

extension Tensor {
  /// The tensor as the kernels take it, with its own strides or those of a broadcast.
  @inline(__always)
  func withOperand(_ layout: Layout? = nil, _ body: (ck_operand) -> Void) {
    let layout = layout ?? self.layout
    layout.strides.withUnsafeBufferPointer { strides in
      // An empty array has no address; rank 0 reads no strides.
      let start = strides.baseAddress ?? UnsafePointer(bitPattern: MemoryLayout<Int>.alignment)!
      body(ck_operand(data: storage.base + layout.offset, strides: start))
    }
    withExtendedLifetime(storage.memory) {}
  }
}

@inline(__always)
private func withScalarOperand<Scalar>(_ scalar: Scalar, _ body: (ck_operand) -> Void) {
  withUnsafePointer(to: scalar) { pointer in
    noStrides.withUnsafeBufferPointer { strides in
      body(ck_operand(data: UnsafeMutableRawPointer(mutating: pointer), strides: strides.baseAddress!))
    }
  }
}

extension ck_parameters {
  package static var none: ck_parameters { ck_parameters(a: 0, b: 0, c: 0) }
}

// MARK: Elementwise

extension Tensor {
  /// function(self), into this tensor's own storage where nobody else holds it.
  package consuming func unary(
    _ function: ck_function, _ parameters: ck_parameters = .none, kernels: Kernels = .best
  ) -> Tensor {
    if isReusable {
      let layout = layout
      withOperand { x in
        ck_unary(kernels.table, function, Scalar.elementType.kernelType, layout.rank, layout.shape, x, x, parameters)
      }
      return self
    }
    let result = Tensor(uninitialized: layout.compacted)
    result.fill(function, of: self, parameters, kernels: kernels)
    return result
  }

  /// A predicate, or any other function whose result has its own type.
  func predicate(_ function: ck_function, kernels: Kernels = .best) -> Tensor<Bool> {
    let result = Tensor<Bool>(uninitialized: layout.compacted)
    result.fill(function, of: self, .none, kernels: kernels)
    return result
  }

  /// Writes function(x) into this tensor, which nobody else holds.
  package func fill<Source>(
    _ function: ck_function, of x: Tensor<Source>, _ parameters: ck_parameters, kernels: Kernels = .best
  ) {
    withOperand { result in
      x.withOperand { x in
        ck_unary(
          kernels.table, function, Source.elementType.kernelType, layout.rank, layout.shape, result, x, parameters)
      }
    }
  }

  /// function(x, y) with broadcasting, into the storage of x or y where nobody else holds it.
  package static func binary(
    _ function: ck_function, _ x: consuming Tensor, _ y: consuming Tensor, kernels: Kernels = .best
  ) -> Tensor {
    let shape = broadcastShape(x, y, function)
    let xLayout = x.layout.broadcast(to: shape)!
    let yLayout = y.layout.broadcast(to: shape)!
    let result: Tensor
    if x.shape == shape && x.isReusable {
      result = x
    } else if y.shape == shape && y.isReusable {
      result = y
    } else if x.shape == shape {
      result = Tensor(uninitialized: xLayout.compacted)
    } else {
      result = Tensor(uninitialized: y.shape == shape ? yLayout.compacted : Layout(contiguous: shape))
    }
    result.withOperand { result in
      x.withOperand(xLayout) { x in
        y.withOperand(yLayout) { y in
          ck_binary(kernels.table, function, Scalar.elementType.kernelType, shape.count, shape, result, x, y)
        }
      }
    }
    return result
  }

  /// activation(x + bias), the bias broadcast to x's shape, into x's storage where nobody else holds it.
  package static func biased(
    _ activation: ck_function, _ x: consuming Tensor, _ bias: Tensor, _ parameters: ck_parameters,
    kernels: Kernels = .best
  ) -> Tensor {
    let result = x.isReusable ? x : Tensor(uninitialized: x.layout.compacted)
    result.fill(activation, of: x, bias: bias, parameters, kernels: kernels)
    return result
  }

  /// Writes activation(x + bias) into this tensor, which nobody else holds.
  private func fill(
    _ activation: ck_function, of x: Tensor, bias: Tensor?, _ parameters: ck_parameters, kernels: Kernels
  ) {
    guard let bias else { return fill(activation, of: x, parameters, kernels: kernels) }
    guard let biasLayout = bias.layout.broadcast(to: x.shape) else {
      trap("a bias of \(bias.shape) does not broadcast to \(x.shape)")
    }
    withOperand { result in
      x.withOperand { operand in
        bias.withOperand(biasLayout) { bias in
          ck_biased(
            kernels.table, activation, Scalar.elementType.kernelType, x.rank, x.shape, result, operand, bias,
            parameters)
        }
      }
    }
  }

  /// self = activation(self + bias), in this tensor's own memory unless others hold it.
  package mutating func update(
    _ activation: ck_function, bias: Tensor?, _ parameters: ck_parameters, kernels: Kernels = .best
  ) {
    if !layout.repeats && storage.isExclusive {
      fill(activation, of: self, bias: bias, parameters, kernels: kernels)
    } else {
      assign(activation, of: self, bias: bias, parameters, kernels: kernels)
    }
  }

  /// self = activation(x + bias), in this tensor's own memory unless others hold it. Both have the same shape.
  package mutating func assign(
    _ activation: ck_function, of x: Tensor, bias: Tensor?, _ parameters: ck_parameters, kernels: Kernels = .best
  ) {
    if layout.repeats || !storage.isExclusive { self = Tensor(uninitialized: x.layout.compacted) }
    fill(activation, of: x, bias: bias, parameters, kernels: kernels)
  }

  /// upstream · activation′(x), the upstream gradient broadcast to x's shape, into its storage where nobody else holds it.
  package static func pullback(
    _ activation: ck_function, _ upstream: consuming Tensor, at x: Tensor, _ parameters: ck_parameters,
    kernels: Kernels = .best
  ) -> Tensor {
    guard let upstreamLayout = upstream.layout.broadcast(to: x.shape) else {
      trap("an upstream gradient of \(upstream.shape) does not broadcast to \(x.shape)")
    }
    let fits = upstream.shape == x.shape && upstream.isReusable
    let result = fits ? upstream : Tensor(uninitialized: x.layout.compacted)
    result.withOperand { result in
      x.withOperand { operand in
        upstream.withOperand(upstreamLayout) { upstream in
          ck_pullback(
            kernels.table, activation, Scalar.elementType.kernelType, x.rank, x.shape, result, operand, upstream,
            parameters)
        }
      }
    }
    return result
  }

  static func binary(
    _ function: ck_function, _ x: consuming Tensor, _ y: Scalar, kernels: Kernels = .best
  ) -> Tensor {
    let result = x.isReusable ? x : Tensor(uninitialized: x.layout.compacted)
    result.withOperand { result in
      x.withOperand { operand in
        withScalarOperand(y) { y in
          ck_binary(kernels.table, function, Scalar.elementType.kernelType, x.rank, x.shape, result, operand, y)
        }
      }
    }
    return result
  }

  static func binary(
    _ function: ck_function, _ x: Scalar, _ y: consuming Tensor, kernels: Kernels = .best
  ) -> Tensor {
    let result = y.isReusable ? y : Tensor(uninitialized: y.layout.compacted)
    result.withOperand { result in
      y.withOperand { operand in
        withScalarOperand(x) { x in
          ck_binary(kernels.table, function, Scalar.elementType.kernelType, y.rank, y.shape, result, x, operand)
        }
      }
    }
    return result
  }

  /// x = function(x, y), in place; y is broadcast to x's shape.
  static func update(_ x: inout Tensor, _ function: ck_function, _ y: Tensor, kernels: Kernels = .best) {
    guard let yLayout = y.layout.broadcast(to: x.shape) else {
      trap("\(x.shape) cannot be updated in place with \(y.shape): the second does not broadcast to the first")
    }
    x.makeUnique()
    x.withOperand { result in
      y.withOperand(yLayout) { y in
        ck_binary(kernels.table, function, Scalar.elementType.kernelType, x.rank, x.shape, result, result, y)
      }
    }
  }

  static func update(_ x: inout Tensor, _ function: ck_function, _ y: Scalar, kernels: Kernels = .best) {
    x.makeUnique()
    x.withOperand { result in
      withScalarOperand(y) { y in
        ck_binary(kernels.table, function, Scalar.elementType.kernelType, x.rank, x.shape, result, result, y)
      }
    }
  }

  static func comparison(_ function: ck_function, _ x: Tensor, _ y: Tensor, kernels: Kernels = .best) -> Tensor<Bool> {
    let shape = broadcastShape(x, y, function)
    let xLayout = x.layout.broadcast(to: shape)!
    let yLayout = y.layout.broadcast(to: shape)!
    let result = Tensor<Bool>(uninitialized: x.shape == shape ? xLayout.compacted : Layout(contiguous: shape))
    result.withOperand { result in
      x.withOperand(xLayout) { x in
        y.withOperand(yLayout) { y in
          ck_binary(kernels.table, function, Scalar.elementType.kernelType, shape.count, shape, result, x, y)
        }
      }
    }
    return result
  }

  static func comparison(
    _ function: ck_function, _ x: Tensor, _ y: Scalar, swapped: Bool = false, kernels: Kernels = .best
  ) -> Tensor<Bool> {
    let result = Tensor<Bool>(uninitialized: x.layout.compacted)
    result.withOperand { result in
      x.withOperand { operand in
        withScalarOperand(y) { y in
          ck_binary(
            kernels.table, function, Scalar.elementType.kernelType, x.rank, x.shape, result, swapped ? y : operand,
            swapped ? operand : y)
        }
      }
    }
    return result
  }

  static func selection(_ condition: Tensor<Bool>, _ x: Tensor, _ y: Tensor, kernels: Kernels = .best) -> Tensor {
    guard let partial = Layout.broadcastShape(x.shape, y.shape),
      let shape = Layout.broadcastShape(condition.shape, partial)
    else {
      trap("where: the shapes \(condition.shape), \(x.shape) and \(y.shape) do not broadcast")
    }
    let result = Tensor(uninitialized: x.shape == shape ? x.layout.compacted : Layout(contiguous: shape))
    result.withOperand { result in
      condition.withOperand(condition.layout.broadcast(to: shape)!) { condition in
        x.withOperand(x.layout.broadcast(to: shape)!) { x in
          y.withOperand(y.layout.broadcast(to: shape)!) { y in
            ck_select(kernels.table, Scalar.elementType.kernelType, shape.count, shape, result, condition, x, y)
          }
        }
      }
    }
    return result
  }

  private static func broadcastShape(_ x: Tensor, _ y: Tensor, _ function: ck_function) -> [Int] {
    guard let shape = Layout.broadcastShape(x.shape, y.shape) else {
      let name = String(cString: ck_function_name(function))
      trap("\(name): the shapes \(x.shape) and \(y.shape) do not broadcast; axes must agree or have length 1")
    }
    return shape
  }
}

// MARK: Copies and conversions

extension Tensor {
  /// Copies the elements of x, broadcast to this shape, into this tensor, which nobody else holds.
  func fill(copying x: Tensor, _ xLayout: Layout? = nil, kernels: Kernels = .best) {
    withOperand { result in
      x.withOperand(xLayout) { x in
        ck_copy(kernels.table, Scalar.elementType.kernelType, rank, shape, result, x)
      }
    }
  }

  func fill(_ value: Scalar, kernels: Kernels = .best) {
    withOperand { result in
      withScalarOperand(value) { x in
        ck_copy(kernels.table, Scalar.elementType.kernelType, rank, shape, result, x)
      }
    }
  }

  func converted<Target: TensorScalar>(to: Target.Type, kernels: Kernels = .best) -> Tensor<Target> {
    let result = Tensor<Target>(uninitialized: layout.compacted)
    result.withOperand { result in
      withOperand { x in
        ck_convert(
          kernels.table, Target.elementType.kernelType, Scalar.elementType.kernelType, rank, shape, result, x)
      }
    }
    return result
  }
}

// MARK: Along axes

extension Tensor {
  /// Combines the elements along the given axes, which are counted from the front.
  func reduced<Result>(
    _ reduction: ck_reduction, axes: [Int], keepDimensions: Bool, to: Result.Type, kernels: Kernels = .best
  ) -> Tensor<Result> {
    var isReduced = [Bool](repeating: false, count: rank)
    var keptShape = shape
    for axis in axes {
      isReduced[axis] = true
      keptShape[axis] = 1
    }
    var result = Tensor<Result>(uninitialized: Layout(contiguous: keptShape))
    result.withOperand { result in
      withOperand { x in
        ck_reduce(kernels.table, reduction, Scalar.elementType.kernelType, rank, shape, isReduced, result, x)
      }
    }
    if !keepDimensions { result.layout = result.layout.dropping(axes: axes) }
    return result
  }

  /// Applies a function to every line along an axis; the result has `count` elements there, or the axis is dropped.
  package func lines<Result>(
    _ function: ck_line_function, axis: Int, single: Bool, to: Result.Type, kernels: Kernels = .best
  ) -> Tensor<Result> {
    let moved = layout.moving(axis: axis, to: rank - 1)
    var resultShape = shape
    if single { resultShape[axis] = 1 }
    var result = Tensor<Result>(uninitialized: Layout(contiguous: resultShape))
    result.withOperand(result.layout.moving(axis: axis, to: rank - 1)) { result in
      withOperand(moved) { x in
        ck_lines(kernels.table, function, Scalar.elementType.kernelType, rank, moved.shape, result, x)
      }
    }
    if single { result.layout = result.layout.removing(axis: axis) }
    return result
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
