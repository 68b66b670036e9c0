internal import Tensor

/// What layers of categories give for the numbers of categories in a sample.
public enum CategoryOutput: String, CaseIterable, Hashable, Sendable {
  /// The numbers themselves.
  case integer = "int"
  /// For each number a row of zeros with a 1 at its place. An axis of length 1 at the end of samples is replaced.
  case oneHot = "one_hot"
  /// For each sample, a row with a 1 at the place of every number that occurs.
  case multiHot = "multi_hot"
  /// For each sample, a row with how often each number occurs.
  case count
  /// As ``count``, times the weight of the number.
  case tfIDF = "tf_idf"
}

extension CategoryOutput: CustomStringConvertible {
  /// The name as in Swift.
  public var description: String {
    switch self {
    case .integer: "integer"
    case .oneHot: "oneHot"
    case .multiHot: "multiHot"
    case .count: "count"
    case .tfIDF: "tfIDF"
    }
  }
}

extension Layer {
  /// The shape of a sample's output for numbers of this shape.
  func shape(ofCategories shape: [Int], _ output: CategoryOutput, _ depth: Int) throws -> [Int] {
    switch output {
    case .integer: return shape
    case .oneHot: return (shape.last == 1 ? Array(shape.dropLast()) : shape) + [depth]
    case .multiHot, .count, .tfIDF:
      guard shape.count == 1 else {
        throw unexpectedShape("[batch, categories], of which there is one row for each sample", shape)
      }
      return [depth]
    }
  }
}

/// Numbers categories, and encodes them. Categories have no gradient.
struct CategoryOperation<Scalar: RealScalar>: TensorOperation {
  let output: CategoryOutput
  let depth: Int
  /// The weight of each number, if it counts.
  var weights: [Double]?
  /// The shape of a sample's output.
  let shape: [Int]
  /// Returns the number of each category of a batch; negative numbers are left out of rows.
  let number: @Sendable ([Tensor<Scalar>]) throws -> [Int]

  func resultShapes(_ operands: [[Int]]) throws -> [[Int]] { [shape] }

  func forward(_ context: Context<Scalar>) throws -> [[Int]] {
    let operands = (0..<context.operandCount).map { context.operand($0) }
    let numbers = try number(operands)
    context.give(encoded(numbers, samples: operands[0].shape[0]))
    return operands.map(\.shape)
  }

  func pullback(_ shapes: consuming [[Int]], _ context: Context<Scalar>) throws {
    context.recycle(context.upstream())
    for (index, shape) in shapes.enumerated() { context.give(.zeros(shape), of: index) }
  }

  func encoded(_ numbers: [Int], samples: Int) -> Tensor<Scalar> {
    let full = [samples] + shape
    if output == .integer { return Tensor(shape: full, scalars: numbers.map { Scalar($0) }) }
    var result = [Scalar](repeating: 0, count: full.reduce(1, *))
    // A row for each number, or one for all of a sample.
    let perRow = output == .oneHot || samples == 0 ? 1 : numbers.count / samples
    for (place, number) in numbers.enumerated() where 0 <= number && number < depth {
      let index = place / perRow * depth + number
      switch output {
      case .integer, .oneHot, .multiHot: result[index] = 1
      case .count: result[index] += 1
      case .tfIDF: result[index] += Scalar(weights?[number] ?? 1)
      }
    }
    return Tensor(shape: full, scalars: result)
  }
}
