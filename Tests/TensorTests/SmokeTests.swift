import Testing
import Tensor

@Test func smoke() {
  var x: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
  #expect(x.shape == [2, 3])
  let y = 2 * x + 1
  #expect(y.scalars == [3, 5, 7, 9, 11, 13])
  #expect((x + x.transposed.transposed).scalars == [2, 4, 6, 8, 10, 12])
  x[0..., 1] = 0
  #expect(x.scalars == [1, 0, 3, 4, 0, 6])
  #expect(x.sum().scalar == 14)
  #expect(x.sum(axis: 0).scalars == [5, 0, 9])
  #expect(x.sum(axis: -1, keepDimensions: true).shape == [2, 1])
  #expect(x[x .> 2].scalars == [3, 4, 6])
  #expect(x[Tensor<Int64>([1, 0]), -1].scalars == [6, 3])
  #expect(x.map { $0 * 2 }.scalars == [2, 0, 6, 8, 0, 12])
  #expect(x.max(axis: 1).scalars == [3, 6])
  #expect(x.argMax(axis: 1).scalars == [2, 2])
  #expect(x.cumulativeSum(axis: 0).scalars == [1, 0, 3, 5, 0, 9])
  let t = x.transposed + x.transposed
  #expect(t.shape == [3, 2])
  for row in x { #expect(row.shape == [3]) }
  x[0] += Tensor([1, 1, 1])
  #expect(x[0].scalars == [2, 1, 4])
  #expect(x.variance().scalar > 0)
  let e = x.exp().log()
  #expect(e.shape == [2, 3])
}
