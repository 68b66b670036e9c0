import Testing

@testable import Tensor

/// Views share storage and have the elements their names promise; the arithmetic is tested in LayoutTests.
@Suite struct ViewsTests {
  let x = Tensor<Int32>(shape: [2, 3, 4], scalars: 0..<24)

  @Test func `transposes exchange axes`() {
    #expect(x.transposed.shape == [4, 3, 2] && x.transposed[at: 3, 2, 1] == x[at: 1, 2, 3])
    #expect(x.matrixTransposed.shape == [2, 4, 3] && x.matrixTransposed[at: 1, 3, 2] == x[at: 1, 2, 3])
    #expect(x.permuted([1, -1, 0]).shape == [3, 4, 2] && x.permuted([1, -1, 0])[at: 2, 3, 1] == x[at: 1, 2, 3])
    #expect(x.swappingAxes(0, -1) == x.transposed)
    #expect(x.movingAxis(0, to: -1) == x.permuted([1, 2, 0]))
    #expect(x.movingAxis(-1, to: 0) == x.permuted([2, 0, 1]))
  }

  @Test func `reshaping reads in row-major order`() {
    #expect(x.reshaped([6, -1]).shape == [6, 4] && x.reshaped([6, -1]).elements == x.elements)
    #expect(x.transposed.reshaped([24]).elements == x.transposed.elements)
    #expect(x.transposed.flattened.elements == x.transposed.elements)
    #expect(x[0..., 1].reshaped([-1]).elements == [4, 5, 6, 7, 16, 17, 18, 19])
    #expect(Tensor<Float>(3).reshaped([1, 1]).shape == [1, 1])
    #expect(Tensor<Float>.zeros([0, 3]).reshaped([3, 0]).shape == [3, 0])
  }

  @Test func `axes of length 1 come and go`() {
    #expect(x.expanded(axis: 0).shape == [1, 2, 3, 4])
    #expect(x.expanded(axis: -1).shape == [2, 3, 4, 1])
    #expect(x.expanded(axis: 1).shape == [2, 1, 3, 4])
    let y = x.reshaped([1, 24, 1])
    #expect(y.squeezed().shape == [24])
    #expect(y.squeezed(axis: -1).shape == [1, 24])
    #expect(y.squeezed(axis: [0, 2]).shape == [24])
  }

  @Test func `broadcasts, flips and diagonals are views`() {
    #expect(Tensor<Int32>([1, 2]).broadcast(to: [3, 2]) == [[1, 2], [1, 2], [1, 2]])
    #expect(Tensor<Int32>([[1, 2], [3, 4]]).flipped() == [[4, 3], [2, 1]])
    #expect(Tensor<Int32>([[1, 2], [3, 4]]).flipped(axis: 0) == [[3, 4], [1, 2]])
    #expect(Tensor<Int32>([[1, 2], [3, 4]]).flipped(axis: [-1]) == [[2, 1], [4, 3]])
    #expect(Tensor<Int32>([[1, 2], [3, 4]]).diagonal() == [1, 4])
    #expect(x.diagonal(offset: 1, axis1: 1, axis2: -1) == [[1, 6, 11], [13, 18, 23]])
  }

  @Test func `splits are parts along an axis`() {
    #expect(x.split(into: 2, axis: -1).map(\.shape) == [[2, 3, 2], [2, 3, 2]])
    let parts = x.split(lengths: [1, 0, 2], axis: 1)
    #expect(parts.map(\.shape) == [[2, 1, 4], [2, 0, 4], [2, 2, 4]])
    #expect(Tensor.concatenated(parts, axis: 1) == x)
    #expect(Tensor.stacked(Array(x.rows)) == x)
  }

  @Test func `rows are the parts along the first axis`() {
    let matrix: Tensor<Float> = [[1, 2], [3, 4], [5, 6]]
    #expect(matrix.rows.map(\.scalars) == [[1, 2], [3, 4], [5, 6]])
    #expect(matrix.rows.count == 3 && matrix.rows[1] == [3, 4] && matrix.rows.last == [5, 6])
    #expect(matrix.transposed.rows.map { $0.sum().scalar } == [9, 12])
    #expect(x.rows.map(\.shape) == [[3, 4], [3, 4]])
    #expect(Tensor<Float>.zeros([0, 2]).rows.isEmpty)
  }

  @Test func `views take no memory`() {
    let views: [(Tensor<Int32>) -> Tensor<Int32>] = [
      { $0.transposed }, { $0.matrixTransposed }, { $0.permuted([2, 0, 1]) }, { $0.movingAxis(0, to: 2) },
      { $0.reshaped([4, 6]) }, { $0.flattened }, { $0.expanded(axis: 1) }, { $0.squeezed() }, { $0.flipped() },
      { $0.broadcast(to: [5, 2, 3, 4]) }, { $0.diagonal() }, { $0.split(into: 2)[1] }, { $0[1] },
      { $0[.ellipsis, 1...] }, { $0[Slice(step: -1), .newAxis] }, { $0.contiguous }, { $0.cast(to: Int32.self) },
      { $0.rows[1] }, { $0 },
    ]
    for (number, view) in views.enumerated() {
      let before = Allocations.count
      let seen = view(x)
      #expect(Allocations.count == before && seen.storage === x.storage, "view \(number)")
    }
  }
}
