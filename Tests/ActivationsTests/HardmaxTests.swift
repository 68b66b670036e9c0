import CKernels
import Tensor
import Testing

@testable import Activations

@Suite struct HardmaxTests {
  /// The same by comparing one element after another.
  private func byHand(_ line: [Double]) -> [Double] {
    if line.contains(where: \.isNaN) { return line.map { _ in .nan } }
    let place = line.firstIndex(of: line.max()!)
    return line.indices.map { $0 == place ? 1 : 0 }
  }

  private func same(_ x: [Double], _ y: [Double]) -> Bool { zip(x, y).allSatisfy { $0 == $1 || $0.isNaN && $1.isNaN } }

  @Test func `the first of the largest elements is 1, all others are 0`() throws {
    #expect(try hardmax(Tensor<Float>([[1, 3, 2], [5, 5, 4]])).scalars == [0, 1, 0, 1, 0, 0])
    #expect(try hardmax(Tensor<Float>([[1, 3, 2], [5, 3, 4]]), axis: 0).scalars == [0, 1, 0, 1, 0, 1])
    #expect(try hardmax(Tensor<Int32>([3, 7, 7])).scalars == [0, 1, 0])
    #expect(try hardmax(Tensor<Double>([-0.0, 0])).scalars == [1, 0])
  }

  @Test(arguments: Kernels.supported)
  func `infinities are numbers like others, NaN makes its whole line NaN`(kernels: Kernels) throws {
    let lines: [[Double]] = [
      [-.infinity, -.infinity, -.infinity], [1, .infinity, .infinity], [.nan, 1, 2], [1, 2, .nan],
      [-.infinity, 1, .nan],
    ]
    for length in [3, 100, 1100] {
      let long = lines.map { $0 + [Double](repeating: -.infinity, count: length - 3) }
      let x = Tensor<Double>(long.flatMap { $0 }).reshaped([lines.count, length])
      for (view, axis) in [(x, 1), (x.transposed.copied(), 0), (x.transposed, 0)] {
        let y = try AxisActivation(.hardmax, .axes([axis]))(view, kernels: kernels)
        let rows = axis == 1 ? y : y.transposed
        for (row, line) in long.enumerated() { #expect(same(rows[row].scalars, byHand(line)), "\(row) of \(length)") }
        let single = try AxisActivation(.hardmax, .axes([axis]))(view.cast(to: Float.self), kernels: kernels)
        #expect(same(single.cast(to: Double.self).scalars, y.scalars))
      }
    }
  }

  @Test(arguments: [[3, 4, 6], [2, 70, 4], [5, 2, 600], [40, 6, 2]])
  func `along any axis of any layout, of many equal elements the first`(shape: [Int]) throws {
    var generator = PhiloxGenerator(seed: 5)
    let x = Tensor<Double>.uniform(shape, in: 0..<3, using: &generator).floor()
    let layouts: [() -> Tensor<Double>] = [
      { x.copied() }, { x.permuted([2, 0, 1]).copied().permuted([1, 2, 0]) }, { x.flipped().copied().flipped() },
      { x.repeated(2, axis: 2)[0..., 0..., Slice(step: 2)] },
    ]
    for axis in [0, 1, -1] {
      let lines = x.moving(axis: axis).copied()
      let length = lines.shape[2]
      let expected = stride(from: 0, to: lines.count, by: length).flatMap {
        byHand(Array(lines.scalars[$0..<$0 + length]))
      }
      for layout in layouts {
        // Held by others, given up, and in place.
        let held = layout()
        var changed = layout()
        try Activation.hardmax(axis: axis).apply(to: &changed)
        for y in [try hardmax(held, axis: axis), try hardmax(layout(), axis: axis), changed] {
          #expect(y.moving(axis: axis).scalars == expected, "axis \(axis) of \(shape)")
        }
      }
    }
  }

  @Test func `its gradient is 0, and NaN where a line is NaN`() throws {
    let x = Tensor<Float>([[1, 3, 2], [5, .nan, 4]])
    let gradient = try Activation.hardmax.pullback(Tensor([[1, 2, 3], [4, 5, 6]]), input: x)
    #expect(gradient[0].scalars == [0, 0, 0])
    #expect(gradient[1].isNaN.all().scalar)
    #expect(try Activation.hardmax.pullback(Tensor<Float>.ones([2, 0]), input: .ones([2, 0])).shape == [2, 0])
  }

  @Test func `the sole holder's storage is used again`() throws {
    let x = Tensor<Float>.ones([4, 300])
    let before = ck_allocations()
    _ = try hardmax(consume x)
    #expect(ck_allocations() == before)
  }
}

extension Tensor {
  fileprivate func moving(axis: Int) -> Tensor {
    let axis = axis < 0 ? axis + rank : axis
    return permuted((0..<rank).filter { $0 != axis } + [axis])
  }
}
