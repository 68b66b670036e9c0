import Testing

@testable import Tensor

/// Shape arithmetic against models that count up indices, for every small shape.
@Suite struct LayoutTests {
  static let small = shapes(ranks: 0...4, lengths: 0...3)
  static let smaller = shapes(ranks: 0...3, lengths: 0...3)

  /// Arrangements of a shape: axes in every order, each of them flipped, with gaps, or repeating its elements.
  static func arrangements(_ shape: [Int]) -> [Layout] {
    permutations(shape.count).flatMap { order -> [Layout] in
      func arranged(_ lengths: [Int]) -> Layout {
        let inOrder = order.map { lengths[$0] }
        let inverse = lengths.indices.map { axis in order.firstIndex(of: axis)! }
        return Layout(shape: inOrder, strides: Layout.contiguousStrides(inOrder), offset: 7).permuted(inverse)
      }
      let close = arranged(shape)
      return [close]
        + shape.indices.flatMap { axis -> [Layout] in
          var (longer, shorter) = (shape, shape)
          longer[axis] *= 2
          shorter[axis] = 1
          return [
            close.flipped(axis: axis), arranged(longer).sliced(axis: axis, start: 0, count: shape[axis], step: 2),
            arranged(shorter).broadcast(to: shape)!,
          ]
        }
    }
  }

  @Test func `row-major layouts count up`() {
    for shape in Self.small {
      let layout = Layout(contiguous: shape)
      #expect(layout.offsets == Array(0..<layout.count))
      #expect(layout.rank == shape.count)
      #expect(layout.isContiguous && layout.isDense)
    }
  }

  @Test func `permuted layouts read permuted indices`() {
    for shape in Self.small {
      let layout = Layout(contiguous: shape)
      for order in permutations(shape.count) {
        let permuted = layout.permuted(order)
        #expect(permuted.shape == order.map { shape[$0] })
        for index in indices(shape) where layout.offset(at: index) != permuted.offset(at: order.map { index[$0] }) {
          Issue.record("\(shape) permuted by \(order) at \(index)")
        }
      }
      #expect(layout.transposed == layout.permuted((0..<shape.count).reversed()))
    }
  }

  @Test func `moving an axis keeps the order of the others`() {
    for shape in Self.small {
      let layout = Layout(contiguous: shape)
      for axis in shape.indices {
        for destination in shape.indices {
          var order = shape.indices.filter { $0 != axis }
          order.insert(axis, at: destination)
          #expect(layout.moving(axis: axis, to: destination) == layout.permuted(order))
        }
      }
    }
  }

  @Test func `slices pick what Python picks`() {
    let ends: [Int?] = [nil] + (-7...7).map { $0 }
    for length in 0...5 {
      for (start, end) in ends.flatMap({ start in ends.map { (start, $0) } }) {
        for step in [1, 2, 3, 7, -1, -2, -3, -7, .max, .min] {
          // Walking along the axis, without any cutting off.
          let first = start.map { $0 < 0 ? $0 + length : $0 }
          let last = end.map { $0 < 0 ? $0 + length : $0 }
          let passed =
            step > 0
            ? (0..<length).filter { $0 >= first ?? 0 && $0 < last ?? length }
            : (0..<length).reversed().filter { $0 <= first ?? length && $0 > last ?? -1 }
          let expected = passed.enumerated().filter { $0.offset % Int(min(step.magnitude, 100)) == 0 }.map(
            \.element)
          let slice = Slice(start, end, step: step).resolved(length: length)
          let layout = Layout(shape: [length], strides: [5], offset: 2)
            .sliced(axis: 0, start: slice.start, count: slice.count, step: step)
          if layout.offsets != expected.map({ 2 + 5 * $0 }) {
            Issue.record(
              "\(String(describing: start)):\(String(describing: end)):\(step) of \(length): \(layout.offsets)")
          }
        }
      }
    }
  }

  @Test func `slices, flips, insertions and removals act on their axis alone`() {
    for shape in Self.smaller {
      for layout in Self.arrangements(shape) {
        for axis in shape.indices {
          let length = shape[axis]
          let flipped = layout.flipped(axis: axis)
          for index in indices(shape) {
            var mirrored = index
            mirrored[axis] = length - 1 - index[axis]
            if flipped.offset(at: index) != layout.offset(at: mirrored) {
              Issue.record("\(layout) flipped at \(index)")
            }
          }
          if length > 0 {
            let single = layout.sliced(axis: axis, start: length - 1, count: 1, step: 1).removing(axis: axis)
            let fixed = indices(shape).filter { $0[axis] == length - 1 }.map(layout.offset(at:))
            #expect(single.offsets == fixed)
          }
        }
        for axis in 0...shape.count {
          let inserted = layout.inserting(axis: axis)
          #expect(inserted.offsets == layout.offsets)
          #expect(inserted.removing(axis: axis) == layout)
        }
      }
    }
  }

  @Test func `contiguity, density, repetition and extent are what the offsets say`() {
    for shape in Self.smaller {
      for layout in Self.arrangements(shape) {
        let offsets = layout.offsets
        let consecutive = Array(layout.offset..<(layout.offset + offsets.count))
        #expect(layout.isContiguous == (offsets.isEmpty || offsets == consecutive), "\(layout)")
        #expect(layout.isDense == (offsets.isEmpty || offsets.sorted() == consecutive), "\(layout)")
        #expect((layout.repeats && layout.count > 0) == (Set(offsets).count < offsets.count), "\(layout)")
        #expect(layout.extent == (offsets.isEmpty ? nil : offsets.min()!...offsets.max()!), "\(layout)")
      }
    }
  }

  @Test func `compacted layouts are dense and keep the order of axes`() {
    for shape in Self.smaller {
      for layout in Self.arrangements(shape) {
        let compacted = layout.compacted
        #expect(compacted.shape == shape && compacted.offset == 0)
        #expect(compacted.isDense, "\(layout)")
        // Axes that run forwards stay in their order.
        let forwards = Layout(shape: shape, strides: layout.strides.map(abs))
        guard !layout.repeats && forwards.count > 0 else { continue }
        func ranking(_ layout: Layout) -> [Int] {
          let offsets = layout.offsets
          return offsets.indices.sorted { offsets[$0] < offsets[$1] }
        }
        #expect(ranking(compacted) == ranking(forwards), "\(layout)")
      }
    }
  }

  @Test func `diagonals hold the elements with equal indices`() {
    for shape in shapes(ranks: 2...4, lengths: 0...3) {
      let layout = Layout(contiguous: shape)
      for first in shape.indices {
        for second in shape.indices where second != first {
          for offset in -4...4 {
            let diagonal = layout.diagonal(offset: offset, axis1: first, axis2: second)
            let rest = shape.indices.filter { $0 != first && $0 != second }
            let on = indices(shape).filter { $0[second] - $0[first] == offset }
            let expected = on.sorted { a, b in
              (rest.map { a[$0] } + [a[first]]).lexicographicallyPrecedes(rest.map { b[$0] } + [b[first]])
            }
            #expect(diagonal.offsets == expected.map(layout.offset(at:)), "\(shape) \(first) \(second) \(offset)")
            #expect(Array(diagonal.shape.dropLast()) == rest.map { shape[$0] })
          }
        }
      }
    }
  }

  @Test func `shapes broadcast by NumPy's rule`() {
    for first in Self.smaller {
      for second in Self.smaller {
        let rank = max(first.count, second.count)
        let padded = [first, second].map { [Int](repeating: 1, count: rank - $0.count) + $0 }
        let pairs = zip(padded[0], padded[1])
        let fits = pairs.allSatisfy { $0 == $1 || $0 == 1 || $1 == 1 }
        let expected = fits ? pairs.map { $0 == 1 ? $1 : $0 } : nil
        if Layout.broadcastShape(first, second) != expected { Issue.record("\(first) and \(second)") }

        let layout = Layout(contiguous: first)
        let broadcast = layout.broadcast(to: second)
        if (broadcast != nil) != (expected == second) { Issue.record("\(first) to \(second)") }
        guard let broadcast else { continue }
        for index in indices(second) {
          let own = zip(index.suffix(first.count), first).map { $1 == 1 ? 0 : $0 }
          if broadcast.offset(at: index) != layout.offset(at: own) { Issue.record("\(first) to \(second) at \(index)") }
        }
      }
    }
    #expect(Layout(contiguous: [1]).broadcast(to: [-1]) == nil)
    #expect(Layout(contiguous: [1]).broadcast(to: [.max, 4]) == nil)
  }

  @Test func `reshaping gives a view exactly where strides allow it`() {
    let targets = Dictionary(
      grouping: shapes(ranks: 0...4, lengths: 0...3) + [
        [4], [6], [9], [12], [18], [27], [2, 9], [9, 2], [4, 3], [1, 6, 1, 2],
      ],
      by: { $0.reduce(1, *) })
    for shape in Self.smaller {
      for layout in Self.arrangements(shape) {
        let offsets = layout.offsets
        // Without elements every shape does; there are many.
        for target in (targets[layout.count] ?? []).prefix(layout.count == 0 ? 12 : .max) {
          // The strides that the first elements along each axis ask for.
          let strides = Layout.contiguousStrides(target).map { $0 < offsets.count ? offsets[$0] - layout.offset : 0 }
          let asked = Layout(shape: target, strides: strides, offset: layout.offset)
          let reshaped = layout.reshaped(to: target)
          if (reshaped != nil) != (asked.offsets == offsets) {
            Issue.record("\(layout) to \(target): \(reshaped as Any)")
          }
          if let reshaped, reshaped.offsets != offsets || reshaped.shape != target {
            Issue.record("\(layout) to \(target): \(reshaped)")
          }
        }
      }
    }
  }

  @Test func `a length of -1 follows from the others`() {
    #expect(Layout.resolved(shape: [2, -1], count: 6) == [2, 3])
    #expect(Layout.resolved(shape: [-1], count: 0) == [0])
    #expect(Layout.resolved(shape: [3, -1], count: 0) == [3, 0])
    #expect(Layout.resolved(shape: [-1], count: 1) == [1])
    #expect(Layout.resolved(shape: [], count: 1) == [])
    for (shape, count) in [
      ([4, -1], 6), ([0, -1], 0), ([-1, -1], 4), ([2, -2], 4), ([7], 6), ([.max, 2], 0), ([], 2),
    ] {
      #expect(Layout.resolved(shape: shape, count: count) == nil)
    }
  }

  @Test func `negative axes count from the last`() {
    for rank in 0...4 {
      for axis in -6...6 {
        let resolved = Layout.resolved(axis: axis, rank: rank)
        #expect(resolved == Array(0..<rank).first { $0 == axis || $0 - rank == axis })
      }
    }
  }
}
