internal import Glibc
internal import Tensor

/// Resamples an axis of samples, numbered from 0, by a linear map.
struct ResamplingOperation<Scalar: RealScalar>: TensorOperation {
  typealias Residual = Void
  let map: AxisMap
  private let transposed: AxisMap
  let axis: Int

  init(_ map: AxisMap, axis: Int) {
    self.map = map
    transposed = map.transposed
    self.axis = axis
  }

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [mapped(operands[0], axis, map)] }

  func forward(_ context: Context<Scalar>) throws {
    let x = context.operand(0)
    var result = context.tensor(mapped(x.shape, axis + 1, map))
    result.assign(map, of: x, axis: axis + 1)
    context.give(result)
  }

  func pullback(_ residual: consuming Void, _ context: Context<Scalar>) throws {
    let upstream = context.upstream()
    var gradient = context.tensor(mapped(upstream.shape, axis + 1, transposed))
    gradient.assign(transposed, of: upstream, axis: axis + 1)
    context.recycle(upstream)
    context.give(gradient, of: 0)
  }

  private func mapped(_ shape: [Int], _ axis: Int, _ map: AxisMap) -> [Int] {
    var shape = shape
    shape[axis] = map.count
    return shape
  }
}

extension AxisMap {
  /// The map that resamples an axis: results and places divide the same stretch evenly. The weights of a result add up
  /// to 1, also where some would lie beyond the axis.
  /// - Parameter antialias: whether weights are spread over all places that a result covers, if there are fewer results.
  init(resampling length: Int, to count: Int, by interpolation: Interpolation, antialias: Bool = false) {
    let scale = Double(count) / Double(length)
    let spread = antialias ? max(1 / scale, 1) : 1
    self.init(
      length: length,
      rows: (0..<count).map { result in
        let center = (Double(result) + 0.5) / scale - 0.5
        if interpolation == .nearest { return (min(Int((center + 0.5).rounded(.down)), length - 1), [1]) }
        let reach = interpolation.reach * spread
        let first = max(0, Int((center - reach).rounded(.down)) + 1)
        let last = min(length - 1, Int((center + reach).rounded(.up)) - 1)
        let weights = (first...last).map { interpolation.weight(at: abs(center - Double($0)) / spread) }
        let sum = weights.reduce(0, +)
        return (first, weights.map { $0 / sum })
      })
  }
}

extension Interpolation {
  /// The distance from which on elements have no weight.
  fileprivate var reach: Double {
    switch self {
    case .nearest: 0.5
    case .bilinear: 1
    case .bicubic: 2
    case .lanczos3: 3
    case .lanczos5: 5
    }
  }

  fileprivate func weight(at distance: Double) -> Double {
    switch self {
    case .nearest: return 1
    case .bilinear: return 1 - distance
    case .bicubic:
      return distance < 1
        ? (1.5 * distance - 2.5) * distance * distance + 1 : ((-0.5 * distance + 2.5) * distance - 4) * distance + 2
    case .lanczos3, .lanczos5:
      let angle = Double.pi * distance
      return distance < 1e-3 ? 1 : reach * sin(angle) * sin(angle / reach) / (angle * angle)
    }
  }
}
