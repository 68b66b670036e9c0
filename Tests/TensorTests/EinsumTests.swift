import TestSupport
import Testing

@testable import Tensor

@Suite struct EinsumTests {
  /// The definition: every combination of indices, one product each. Letters only.
  private func naive(_ equation: String, _ operands: [Tensor<Double>]) -> Tensor<Double> {
    let sides = equation.split(separator: "-").map { $0.drop { $0 == ">" } }
    let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
    let output = equation.hasSuffix("->") ? [] : Array(sides[1])
    var lengths: [Character: Int] = [:]
    for (term, operand) in zip(terms, operands) {
      for (letter, length) in zip(term, operand.shape) { lengths[letter] = max(length, lengths[letter] ?? 0) }
    }
    let letters = lengths.keys.sorted()
    var result = Tensor<Double>.zeros(output.map { lengths[$0]! })
    let scalars = operands.map(\.scalars)
    var sums = [Double](repeating: 0, count: result.count)
    for number in 0..<letters.reduce(1, { $0 * lengths[$1]! }) {
      var rest = number
      var index: [Character: Int] = [:]
      for letter in letters {
        index[letter] = rest % lengths[letter]!
        rest /= lengths[letter]!
      }
      func place(_ term: [Character], _ shape: [Int]) -> Int {
        zip(term, shape).reduce(0) { $0 * $1.1 + ($1.1 == 1 ? 0 : index[$1.0]!) }
      }
      var product = 1.0
      for (operand, term) in terms.enumerated() { product *= scalars[operand][place(term, operands[operand].shape)] }
      sums[place(output, result.shape)] += product
    }
    result = Tensor(shape: result.shape, scalars: sums)
    return result
  }

  static let cases: [(String, [[Int]])] = [
    ("ij,jk->ik", [[3, 4], [4, 5]]), ("ij,jk->ki", [[3, 4], [4, 5]]), ("ij,kj->ik", [[3, 4], [5, 4]]),
    ("i,i->", [[7], [7]]), ("i,j->ij", [[3], [4]]), ("ii->", [[4, 4]]), ("ii->i", [[4, 4]]), ("ij->ji", [[3, 4]]),
    ("ij->", [[3, 4]]), ("ij->j", [[3, 4]]), ("bij,bjk->bik", [[2, 3, 4], [2, 4, 5]]),
    ("bij,jk->bik", [[2, 3, 4], [4, 5]]),
    ("ijk,jil->kl", [[2, 3, 4], [3, 2, 5]]), ("ij,ij->ij", [[3, 4], [3, 4]]), ("ij,ij->i", [[3, 4], [3, 4]]),
    ("ij,jk,kl->il", [[2, 3], [3, 4], [4, 5]]), ("ab,bc,a->c", [[2, 3], [3, 4], [2]]), ("i,j,k->kji", [[2], [3], [4]]),
    ("ij,kl->il", [[2, 3], [4, 5]]), ("iij,j->i", [[3, 3, 2], [2]]), ("iij->ji", [[3, 3, 2]]),
    ("ij,jk->ik", [[3, 1], [4, 5]]),
    (",ij->ij", [[], [2, 3]]), ("bhqd,bhkd->bhqk", [[2, 2, 3, 4], [2, 2, 5, 4]]), ("ij,jk->ik", [[3, 0], [0, 2]]),
    ("iji->j", [[2, 3, 2]]), ("ab,cb,db->acd", [[2, 3], [4, 3], [2, 3]]),
  ]

  @Test(arguments: cases, Arrangement.allCases)
  func `agrees with the definition`(_ equationAndShapes: (String, [[Int]]), _ arrangement: Arrangement) {
    let (equation, shapes) = equationAndShapes
    var numbers = TestNumbers()
    let operands = shapes.map { numbers.tensor($0, of: Double.self) }
    let result = Tensor.einsum(equation, operands.map(arrangement.applied))
    #expect(difference(result, naive(equation, operands)) < 1e-13, "\(equation)")
  }

  @Test func `outputs follow from the operands`() {
    var numbers = TestNumbers()
    let a = numbers.tensor([3, 4], of: Double.self)
    let b = numbers.tensor([4, 5], of: Double.self)
    #expect(difference(.einsum("ij,jk", a, b), a.matmul(b)) < 1e-14)
    #expect(difference(.einsum("ba", a), a.transposed) == 0)
    #expect(difference(.einsum(" i j , j k -> i k ", a, b), a.matmul(b)) < 1e-14)
    #expect(Tensor.einsum("ii", Tensor<Double>.identity(3)).scalar == 3)
  }

  @Test func `an ellipsis stands for the other axes`() {
    var numbers = TestNumbers()
    let a = numbers.tensor([2, 6, 3, 4], of: Double.self)
    let b = numbers.tensor([6, 4, 5], of: Double.self)
    #expect(difference(.einsum("...ij,...jk->...ik", a, b), a.matmul(b)) < 1e-14)
    #expect(difference(.einsum("...ij,...jk", a, b), a.matmul(b)) < 1e-14)
    #expect(difference(.einsum("...ij->...ji", a), a.matrixTransposed) == 0)
    #expect(difference(.einsum("...->...", a), a) == 0)
    #expect(difference(.einsum("i...->...", a), a.sum(axis: 0)) < 1e-14)
    #expect(difference(.einsum("...j->...", a), a.sum(axis: -1)) < 1e-14)
  }

  @Test func `products of matrices are products by BLAS`() {
    let a = Tensor<Float>.ones([3, 4])
    let b = Tensor<Float>.ones([4, 5])
    #expect(BLASCounters.counting { _ = Tensor.einsum("ij,jk->ik", a, b) } == [.gemm: 1])
    #expect(BLASCounters.counting { _ = Tensor.einsum("ji,jk->ik", a.transposed, b) } == [.gemm: 1])
    #expect(BLASCounters.counting { _ = Tensor.einsum("ij->ji", a) } == [:])
  }

  @Test(arguments: [
    ("ij,jk->ik", [[2, 3], [4, 5]], "\"j\" has the lengths 3 and 4"),
    ("ij", [[2]], "\"ij\" names 2 axes of operand 0, which has 1"),
    ("ij,jk", [[2, 3]], "there are 2 terms for 1 operands"),
    ("ij->ik", [[2, 3]], "\"k\" of the output is in no operand"),
    ("ij->ii", [[2, 3]], "an axis of the output is named twice"), ("i1", [[2, 3]], "\"1\" is not a letter"),
  ])
  func `mistakes are named`(_ equation: String, _ shapes: [[Int]], _ reason: String) {
    #expect { try EinsumPlan(equation, shapes) } throws: { ($0 as? EinsumPlan.Mistake)?.reason == reason }
  }

  @Test func `mistakes trap`() async {
    await expectMessage(
      #"einsum("ij,jk->ik") of the shapes [[2, 3], [4, 5]]: "j" has the lengths 3 and 4"#,
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>.einsum("ij,jk->ik", .ones([2, 3]), .ones([4, 5]))
      })
  }
}
