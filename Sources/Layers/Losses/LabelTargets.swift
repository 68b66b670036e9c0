import Tensor

// Targets of losses whose integers are not one class per row.

extension Loss {
  /// Labels of sequences, [batch, letters], whose letters are classes of predictions [batch, steps, classes].
  func letters(_ target: Target<Scalar>, prediction shape: [Int]) throws(EvaluationError) -> Tensor<Int64> {
    guard shape.count == 3, shape[2] > 0 else {
      throw .predictionShape(name: name, found: shape, expected: "[batch, steps, classes]")
    }
    guard target.shape.count == 2, target.shape[0] == shape[0] else {
      throw .shapes(
        name: name, prediction: shape, target: target.shape, expected: "a target of [\(shape[0]), letters]")
    }
    let allowed = "0 ..< \(shape[2]), of which 0 is none"
    let letters = try wholeNumbers(target, allowed: allowed)
    let (wrong, _) = letters.checkLabels(classes: shape[2], ignoring: nil)
    if let wrong { throw label(letters, at: wrong, allowed) }
    return letters
  }

  /// A class, any whole number, for each row of [batch, features].
  func classes(_ target: Target<Scalar>, prediction shape: [Int]) throws(EvaluationError) -> Tensor<Int64> {
    guard shape.count == 2 else {
      throw .predictionShape(name: name, found: shape, expected: "[batch, features]")
    }
    guard target.shape == [shape[0]] || target.shape == [shape[0], 1] else {
      throw .shapes(
        name: name, prediction: shape, target: target.shape,
        expected: "a target of class numbers of [\(shape[0])] or [\(shape[0]), 1]")
    }
    return try wholeNumbers(target, allowed: "whole numbers").reshaped([shape[0]])
  }

  private func wholeNumbers(_ target: Target<Scalar>, allowed: String) throws(EvaluationError) -> Tensor<Int64> {
    if let integers = target.integers { return integers }
    let reals = target.reals.cast(to: Double.self)
    let wrong = reals.flattened.scalars.firstIndex { Int64(exactly: $0) == nil } ?? 0
    throw label(reals, at: wrong, allowed)
  }

  private func label<Number: TensorScalar>(
    _ numbers: Tensor<Number>, at flat: Int, _ allowed: String
  ) -> EvaluationError {
    let columns = numbers.shape.count > 1 ? numbers.shape[1] : 1
    let position = numbers.shape.count > 1 ? [flat / columns, flat % columns] : [flat]
    return .label(name: name, label: "\(numbers.flattened[flat].scalar)", position: position, allowed: allowed)
  }
}
