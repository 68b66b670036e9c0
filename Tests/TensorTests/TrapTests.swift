import TestSupport
import Testing

@testable import Tensor

/// The programmer's mistakes stop the program with a message that says what was wrong.
@Suite struct TrapTests {
  typealias Values = Tensor<Float>

  static var mistakes: [(message: String, make: () -> Void)] {
    [
      (
        "add: the shapes [2, 3] and [4] do not broadcast",
        { _ = Values.zeros([2, 3]) + Values.zeros([4]) }
      ),
      (
        "[3] cannot be updated in place with [2, 3]",
        {
          var x = Values.zeros([3])
          x += Values.zeros([2, 3])
        }
      ),
      (
        "where: the shapes [2], [2] and [3] do not broadcast",
        { _ = Values.where([true, false], Values.zeros([2]), Values.zeros([3])) }
      ),
      (
        "the shape [3] does not broadcast to [3, 2]",
        { _ = Values.zeros([3]).broadcast(to: [3, 2]) }
      ),
      (
        "zip takes tensors of one shape, not [3] and [1]",
        { _ = Values.zeros([3]).zip(Values.zeros([1])) { $0 + $1 } }
      ),
      (
        "index 3 along axis 1 of the shape [2, 3]; allowed: -3 to 2",
        { _ = Values.zeros([2, 3])[1, 3] }
      ),
      (
        "index -3 along axis 0 of a tensor of the shape [2, 3]; allowed: -2 to 1",
        { _ = Values.zeros([2, 3])[at: -3, 0] }
      ),
      (
        "2 indices for a tensor of the shape [2] with 1 axes",
        { _ = Values.zeros([2])[0, 0] }
      ),
      (
        "index 2 along axis 0 of the shape [2, 3]; allowed: -2 to 1",
        { _ = Values.zeros([2, 3])[Tensor<Int64>([0, 2])] }
      ),
      (
        "a mask of the shape [3] stands for axes of the shape [2]",
        { _ = Values.zeros([2, 3])[Tensor<Bool>([true, false, true])] }
      ),
      (
        "a tensor of float32 is no index",
        { _ = Values.zeros([2])[Values([0])] }
      ),
      (
        "index tensors of the shapes [[2], [3]] do not broadcast",
        { _ = Values.zeros([4, 4])[Tensor<Int64>([0, 1]), Tensor<Int64>([0, 1, 2])] }
      ),
      (
        "a value of the shape [2] does not broadcast to the shape [3] selected",
        {
          var x = Values.zeros([2, 3])
          x[0] = Values.zeros([2])
        }
      ),
      (
        "a position -1 before the end of an axis; allowed: numbers of at least 0",
        { _ = Values.zeros([4])[..<(.end - -1)] }
      ),
      (
        "a slice cannot have a step of zero",
        { _ = Slice(step: 0) }
      ),
      (
        "an index contains at most one ellipsis, not 2",
        { _ = Values.zeros([2, 3])[.ellipsis, .ellipsis] }
      ),
      (
        "axis 2 of a tensor of rank 2; allowed: -2 to 1",
        { _ = Values.zeros([2, 3]).sum(axis: 2) }
      ),
      (
        "an axis is named twice in [1, -1] (rank 2)",
        { _ = Values.zeros([2, 3]).max(axis: [1, -1]) }
      ),
      (
        "permuting the shape [2, 3] takes each of its 2 axes once, not [0, 0]",
        { _ = Values.zeros([2, 3]).permuted([0, 0]) }
      ),
      (
        "axis 0 of the shape [2, 3] has length 2 and cannot be squeezed",
        { _ = Values.zeros([2, 3]).squeezed(axis: 0) }
      ),
      (
        "a diagonal takes two different axes of the shape [2, 3], not 1 and -1",
        { _ = Values.zeros([2, 3]).diagonal(axis1: 1, axis2: -1) }
      ),
      (
        "a tensor of rank 0 has no rows",
        { for _ in Values(1).rows {} }
      ),
      (
        "row 2 of the shape [2, 3]; allowed: 0..<2",
        { _ = Values.zeros([2, 3]).rows[2] }
      ),
      (
        "[2, 3] has 6 elements and cannot be reshaped to [4, -1]",
        { _ = Values.zeros([2, 3]).reshaped([4, -1]) }
      ),
      (
        "a tensor cannot have the shape [2, -3]",
        { _ = Values.zeros([2, -3]) }
      ),
      (
        "a tensor has at most 32 axes, not 33",
        { _ = Values(1).reshaped([Int](repeating: 1, count: 33)) }
      ),
      (
        "the shape [2, 2] has 4 elements, but 3 are given",
        { _ = Values(shape: [2, 2], scalars: [1, 2, 3]) }
      ),
      (
        "row 1 has 1 elements, row 0 has 2",
        { _ = Values([[1, 2], [3]] as [[Float]]) }
      ),
      (
        "a tensor of the shape [2] is not a single scalar",
        { _ = Values.zeros([2]).scalar }
      ),
      (
        "axis 1 of the shape [2, 3] cannot be split into 2 equal parts",
        { _ = Values.zeros([2, 3]).split(into: 2, axis: 1) }
      ),
      (
        "the shape [-1, -3] does not hold the 3 elements of the memory given",
        {
          let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: 3)
          _ = Values(wrapping: memory, shape: [-1, -3]) {}
        }
      ),
      (
        "stacking: tensor 1 has the shape [3], tensor 0 has [2]",
        { _ = Values.stacked([.zeros([2]), .zeros([3])]) }
      ),
      (
        "tensor 1 has the shape [2, 3], tensor 0 has [2, 2]",
        { _ = Values.concatenated([.zeros([2, 2]), .zeros([2, 3])]) }
      ),
      (
        "max along [0] of the shape [0, 3]: without elements there is no max",
        { _ = Values.zeros([0, 3]).max(axis: 0) }
      ),
      (
        "argMin along axis 1 of the shape [3, 0]: there are no elements",
        { _ = Values.zeros([3, 0]).argMin(axis: 1) }
      ),
    ] + extremes
  }

  /// Numbers that arithmetic on them would overflow with.
  private static var extremes: [(message: String, make: () -> Void)] {
    [
      (
        "a tensor cannot have the shape [0, 4611686018427387904, 4]",
        { _ = Values.zeros([0, 1 << 62, 4]) }
      ),
      (
        "a tensor cannot have the shape [1099511627776, 1099511627776]",
        { _ = Values.zeros([1 << 40, 0]).matmul(Values.zeros([0, 1 << 40])) }
      ),
      (
        "[0, 1099511627776, 1] and [0, 1, 1099511627776] broadcast to [0, 1099511627776, 1099511627776]",
        { _ = Values.zeros([0, 1 << 40, 1]) + Values.zeros([0, 1, 1 << 40]) }
      ),
      (
        "the shape [4] tiled [9223372036854775807] times",
        { _ = Values.zeros([4]).tiled([.max]) }
      ),
      (
        "axis 0 of the shape [4] repeated 9223372036854775807 times",
        { _ = Values.zeros([4]).repeated(.max, axis: 0) }
      ),
      (
        "axis 0 of the shape [2] repeated [9223372036854775807, 9223372036854775807] times: more than can be counted",
        { _ = Values.zeros([2]).repeated([.max, .max], axis: 0) }
      ),
      (
        "the shape [3] padded by [[9223372036854775807, 1]]",
        { _ = Values.zeros([3]).padded([(.max, 1)]) }
      ),
      (
        "kron of [1099511627776] and [1099511627776]",
        {
          let x = Values(1).broadcast(to: [1 << 40])
          _ = x.kron(x)
        }
      ),
      (
        "elements concatenated along axis 0: more than can be counted",
        {
          let x = Values(1).broadcast(to: [.max])
          _ = Values.concatenated([x, x])
        }
      ),
      (
        "the lengths [9223372036854775807, 9223372036854775807, 6] do not add up to axis 0 of the shape [4]",
        { _ = Values.zeros([4]).split(lengths: [.max, .max, 6]) }
      ),
      (
        "a diagonal of 2 elements at the offset -9223372036854775808: more than can be counted",
        { _ = Values.diagonal(.ones([2]), offset: .min) }
      ),
      (
        "arange(0, 9223372036854775807, step: 1) has more numbers than can be counted",
        { _ = Tensor<Int64>.arange(.max) }
      ),
      (
        "arange(0.0, 1e+30, step: 1e-30) has more numbers than can be counted",
        { _ = Values.arange(0, 1e30, step: 1e-30) }
      ),
      (
        "a histogram has at least one bin and room for all of them, unlike 9223372036854775807",
        { _ = try? Values.zeros([2]).histogram(bins: .max) }
      ),
      (
        "qr of the shape [0, 1099511627776]: LAPACK counts in 32 bits",
        { _ = Values.zeros([0, 1 << 40]).qr() }
      ),
      (
        "a slice cannot have a step of zero",
        {
          var slice = Slice()
          slice.step = 0
          _ = Values.zeros([2])[slice]
        }
      ),
      (
        "integers to the power -2; allowed: exponents of at least 0",
        { _ = Tensor<Int32>([2]).power(Tensor<Int32>([3, -2])) }
      ),
      (
        #"einsum("\n->") of the shapes [[2]]: "\n" is not a letter"#,
        { _ = Values.einsum("\n->", Values.zeros([2])) }
      ),
    ]
  }

  @Test(arguments: mistakes.indices) func `mistakes are named`(_ number: Int) async {
    await expectMessage(
      Self.mistakes[number].message,
      of: #expect(processExitsWith: .failure, observing: standardError) { [number] in
        TrapTests.mistakes[number].make()
      })
  }
}
