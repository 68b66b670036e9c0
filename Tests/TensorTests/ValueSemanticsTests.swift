import Testing

@testable import Tensor

/// Writing to one tensor changes no other.
@Suite struct ValueSemanticsTests {
  typealias Values = Tensor<Double>
  static let start = Values(shape: [4, 5], scalars: (0..<20).map { Double($0) })

  /// Ways of writing, each with what it does to the elements of a contiguous copy.
  static var writes: [(inout Values) -> Void] {
    [
      { $0 += 1 }, { $0 *= Values(repeating: 2, shape: [$0.shape.last ?? 1]) }, { $0[0] = Values(-1) },
      { $0[at: 1, 1] = 99 }, { $0[0..., Slice(step: 2)] = Values(7) }, { $0[Tensor<Int64>([1, 0])] = Values(3) },
      { $0[$0 .> 8] = Values(8) }, { $0.scatterAdd(Values(1), at: Tensor<Int64>([0, 0])) },
      { x in x.withUnsafeMutableBufferPointer { $0[0] = -4 } }, { $0 = (consume $0).exp() }, { $0 = -(consume $0) },
      { x in x.withMutableSpan { $0[3] = 12 } },
    ]
  }
  static var views: [(Values) -> Values] {
    [
      { $0 }, { $0.transposed }, { $0[1...] }, { $0.flipped() }, { $0[Slice(step: 2)] }, { $0.reshaped([5, 4]) },
      { $0[0].broadcast(to: [3, 5]) }, { $0.reshaped([2, 2, 5])[1] },
    ]
  }

  @Test func `writing to a copy or a view leaves the original alone`() {
    for (view, write) in Self.views.flatMap({ view in Self.writes.map { (view, $0) } }) {
      let original = Self.start.copied()
      var changed = view(original)
      write(&changed)
      #expect(original.elements == Self.start.elements)
      var plain = view(original).copied()
      write(&plain)
      #expect(changed == plain)
    }
  }

  @Test func `writing to the original leaves copies and views alone`() {
    for (view, write) in Self.views.flatMap({ view in Self.writes.map { (view, $0) } }) {
      var original = Self.start.copied()
      let seen = view(original)
      let expected = seen.elements
      write(&original)
      #expect(seen.elements == expected)
    }
  }

  @Test func `operators leave their operands alone`() {
    let x = Self.start.copied()
    let y = x + 1
    let operations: [(Values, Values) -> Void] = [
      { x, y in _ = x + y }, { x, _ in _ = x + x }, { x, y in _ = y * x.transposed.transposed },
      { x, _ in _ = x.exp() },
      { _, y in _ = -y }, { x, _ in _ = x.clamped(0...1) }, { x, y in _ = Values.maximum(x, y) }, { x, _ in _ = 2 - x },
      { x, y in _ = x.power(y) }, { x, _ in _ = x.differences() }, { x, _ in _ = x.logSumExp() },
      { x, y in _ = Values.where(x .> y, x, y) },
    ]
    for operation in operations {
      operation(x, y)
      #expect(x.elements == Self.start.elements && y.elements == Self.start.elements.map { $0 + 1 })
    }
  }

  @Test func `updates read overlapping views as they were`() {
    let line = Values([1, 2, 3, 4, 5, 6])
    var x = line.copied()
    x[1...] += x[..<(-1)]
    #expect(x == [1, 3, 5, 7, 9, 11])
    x = line.copied()
    x[..<(-1)] += x[1...]
    #expect(x == [3, 5, 7, 9, 11, 6])
    x = line.copied()
    x[Slice()] = x[Slice(step: -1)]
    #expect(x == [6, 5, 4, 3, 2, 1])
    x = line.copied()
    x += x.flipped()
    #expect(x == [7, 7, 7, 7, 7, 7])
    x = line.copied()
    x[1...] = x[..<(-1)]
    #expect(x == [1, 1, 2, 3, 4, 5])
    var square: Values = [[1, 2], [3, 4]]
    square += square.transposed
    #expect(square == [[2, 5], [5, 8]])
    square = [[1, 2], [3, 4]]
    square[0] += square[1]
    #expect(square == [[4, 6], [3, 4]])
    square -= square
    #expect(square == [[0, 0], [0, 0]])
    x = line.copied()
    x[Tensor<Int64>([0, 1, 2])] = x[Tensor<Int64>([1, 2, 0])]
    #expect(x == [2, 3, 1, 4, 5, 6])
    x = line.copied()
    x.scatterAdd(x, at: Tensor<Int64>([0, 0, 0, 0, 0, 0]))
    #expect(x == [22, 2, 3, 4, 5, 6])
  }

  @Test func `tensors are used from several tasks`() async {
    let shared = Values(shape: [50, 40], scalars: (0..<2000).map { Double($0 % 7) })
    let sums = await withTaskGroup(of: Double.self) { group in
      for task in 0..<16 {
        group.addTask {
          var own = shared
          var total = 0.0
          for round in 0..<20 {
            own[round] += Double(task)
            let wide = own.transposed + shared.transposed
            total += (wide.cast(to: Float.self).sum().scalar > 0 ? 1 : 0) + shared[round].sum().scalar
            own = (consume own).sign() * 3
            _ = shared[shared .> 3]
          }
          return total
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(sums).count == 1)
    #expect(shared.elements == (0..<2000).map { Double($0 % 7) })
  }
}
