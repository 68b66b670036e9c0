import Testing

@testable import Tensor

/// Reading and writing through brackets, as NumPy does it.
@Suite struct IndexingTests {
  struct Fixture: Decodable {
    let cases: [Case]
    let additions: [Addition]
  }
  struct Case: Decodable {
    let shape: [Int]
    let index: [Index]
    let y, value, assigned: Sample
  }
  struct Index: Decodable {
    let element: Int?
    let slice: [Int?]?
    let newAxis: Bool?
    let tensor: Sample?

    var expression: any TensorIndex {
      if let element { return element }
      if let slice { return Slice(slice[0], slice[1], step: slice[2] ?? 1) }
      if newAxis != nil { return NewAxis() }
      guard let tensor else { return Ellipsis() }
      func index<Scalar: TensorScalar>(_: Scalar.Type) -> any TensorIndex { tensor.tensor(Scalar.self) }
      return index(tensor.any)
    }
  }
  struct Addition: Decodable {
    let x, positions, values, added, taken: Sample
    let axis: Int
  }

  static let fixture = Result { try TensorTests.fixture("indexing", as: Fixture.self) }

  @Test(arguments: ElementType.numbers) func `reading and writing agree with NumPy`(_ type: ElementType) throws {
    let fixture = try Self.fixture.get()
    var generator = Seeded(10)
    func check<Scalar: NumericScalar & Comparable>(_: Scalar.Type) {
      for (number, row) in fixture.cases.enumerated() {
        let plain = Tensor<Int32>(shape: row.shape, scalars: (0..<Int32(row.shape.reduce(1, *))).map { $0 })
          .cast(to: Scalar.self)
        func expected(_ sample: Sample) -> Tensor<Scalar> { sample.tensor(Int32.self).cast(to: Scalar.self) }
        let indices = row.index.map(\.expression)
        func message() -> Comment { "case \(number): \(row.shape)[\(row.index)]" }
        for x in [plain, plain.rearranged(using: &generator)] {
          #expect(disagreement(x[indices: indices], expected(row.y)) == nil, message())
          var assigned = x
          assigned[indices: indices] = expected(row.value)
          #expect(disagreement(assigned, expected(row.assigned)) == nil, message())
          #expect(disagreement(x, plain) == nil, message())
        }
        // Into a view of storage that nobody else holds: gaps and other axes' order stay.
        var alone = plain.rearranged(using: &generator)
        alone[indices: indices] = expected(row.value).rearranged(using: &generator)
        #expect(disagreement(alone, expected(row.assigned)) == nil, message())
      }
    }
    check(type.number)
  }

  @Test func `taking and adding at positions agree with NumPy`() throws {
    for row in try Self.fixture.get().additions {
      let x = row.x.tensor(Int32.self)
      let positions = row.positions.tensor(Int64.self)
      #expect(disagreement(x.take(positions, axis: row.axis), row.taken.tensor()) == nil)
      var added = x.transposed.copied().transposed
      added.scatterAdd(row.values.tensor(), at: positions, axis: row.axis)
      #expect(disagreement(added, row.added.tensor()) == nil)
      var real = x.cast(to: Double.self)
      real.scatterAdd(row.values.tensor(Int32.self).cast(to: Double.self), at: positions, axis: row.axis)
      #expect(disagreement(real, row.added.tensor(Int32.self).cast(to: Double.self)) == nil)
    }
  }

  @Test func `ranges are slices`() {
    let x = Tensor<Int32>.arange(0, 10)
    #expect(x[2..<5] == [2, 3, 4])
    #expect(x[2...5] == [2, 3, 4, 5])
    #expect(x[7...] == [7, 8, 9])
    #expect(x[..<3] == [0, 1, 2])
    #expect(x[...3] == [0, 1, 2, 3])
    #expect(x[(-3)...] == [7, 8, 9])
    #expect(x[..<(-7)] == [0, 1, 2])
    #expect(x[...(-8)] == [0, 1, 2])
    #expect(x[...(-1)] == x)
    #expect(x[(-3)...(-1)] == [7, 8, 9])
    #expect(x[(-3)..<(-1)] == [7, 8])
    #expect(x[5..<100] == [5, 6, 7, 8, 9])
    #expect(x[Slice(-2, 1, step: -3)] == [8, 5, 2])
    #expect(x.reshaped([2, 5])[.all, 0] == [0, 5])
    #expect(x.reshaped([2, 5])[.ellipsis, .newAxis, 1].shape == [2, 1])
    #expect(x[3] == Tensor(3) && x[-1].shape == [])
  }

  @Test func `masks of every type select and assign`() {
    func check<Scalar: TensorScalar>(_: Scalar.Type) {
      var generator = Seeded(11)
      for shape in [[7], [5, 6], [2, 3, 4], [0, 3]] {
        let x = Tensor<Scalar>.random(shape, using: &generator)
        let mask = Tensor<Bool>.random(shape, using: &generator)
        let chosen = zip(x.elements, mask.elements).filter(\.1).map(\.0)
        #expect(x[mask].elements == chosen && x[mask].shape == [chosen.count])
        var filled = x
        filled[mask] = Tensor(.oneValue)
        #expect(filled.elements == zip(x.elements, mask.elements).map { $1 ? .oneValue : $0 })
        filled[mask] = x[mask]
        #expect(filled.elements == x.elements)
      }
    }
    for type in ElementType.allCases { check(type.scalar) }
  }

  @Test func `single elements are read and written`() {
    var x: Tensor<Double> = [[1, 2, 3], [4, 5, 6]]
    let before = x
    #expect(x[at: 1, -1] == 6 && x.transposed[at: 2, 0] == 3)
    x[at: -1, 0] = 40
    #expect(x == [[1, 2, 3], [40, 5, 6]] && before[at: 1, 0] == 4)
    var repeated = Tensor<Float>([1, 2]).broadcast(to: [2, 2])
    repeated[at: 0, 0] = 9
    #expect(repeated == [[9, 2], [1, 2]])
    #expect(Tensor<Int32>(7).scalar == 7 && Tensor<Int32>([[7]]).scalar == 7)
  }

  @Test func `repeated positions keep the last value`() {
    var x = Tensor<Int32>.zeros([4])
    x[Tensor<Int64>([1, 1, -1, 3])] = [5, 6, 7, 8]
    #expect(x == [0, 6, 0, 8])
  }

  @Test func `positions of any integer type look up`() {
    let x = Tensor<Float>([[1, 2], [3, 4], [5, 6]])
    #expect(x[Tensor<Int32>([2, -1])] == [[5, 6], [5, 6]])
    #expect(x[Tensor<UInt8>([0, 1]), Tensor<Int64>([1, 0])] == [2, 3])
    #expect(x[Tensor<UInt8>(2)] == [5, 6])
  }

  @Test func `ends of ranges are counted from the end of an axis`() {
    let x = Tensor<Int32>(shape: [5, 2], scalars: (0..<10).map(Int32.init))
    #expect(x[1 ..< .end - 1] == x[1..<4])
    #expect(x[1 ..< .end - 1, 0] == [2, 4, 6])
    #expect(x[1 ... .end - 1] == x[1..<5])
    #expect(x[2 ..< .end] == x[2...])
    #expect(x[(.end - 2)...] == x[3..<5])
    #expect(x[..<(.end - 1)] == x[0..<4])
    #expect(x[...(.end - 1)] == x)
    #expect(x[.end - 3 ..< .end - 1] == x[2..<4])
    #expect(x[.end - 3 ... .end - 2] == x[2..<4])
    // As in NumPy, what is beyond an end is cut off there.
    #expect(x[3 ..< .end - 4].shape == [0, 2] && x[.end - 9 ..< .end - 4] == x[0..<1])
    #expect(x[.end ..< .end - 1].shape == [0, 2] && x[.ellipsis, 0 ..< .end - 1].shape == [5, 1])
    var y = x
    y[1 ..< .end - 1, 1...] = [[0]]
    #expect(y[.ellipsis, 1] == [1, 0, 0, 0, 9])
  }
}
