import Tensor

// Checks and alignment of the shapes of predictions, targets and weights.

/// A prediction's shape in the form that a loss takes, and a target compatible with it.
struct AlignedTarget<Scalar: RealScalar> {
  enum Numbers {
    /// In the prediction's shape.
    case values(Tensor<Scalar>)
    /// One class per row, of which `used` are not ignored.
    case classes(Tensor<Int64>, used: Int)
  }

  /// The prediction's shape, without a last axis of length 1 that the target lacks, or with one that the target has.
  let shape: [Int]
  let numbers: Numbers

  var columns: Int { shape.last ?? 1 }
  /// The shape of the rows: the shape without the last axis.
  var rowShape: [Int] { Array(shape.dropLast()) }
  var rowCount: Int { shape.dropLast().reduce(1, *) }

  /// A target in the prediction's shape, for functions of single elements.
  init(
    values target: Target<Scalar>, prediction shape: [Int], name: @autoclosure () -> String
  ) throws(EvaluationError) {
    let found = target.shape
    let common: [Int]
    if shape == found {
      common = shape.count == 1 ? shape + [1] : shape
    } else if shape == found + [1] {
      common = found.count == 1 ? shape : found
    } else if found == shape + [1] {
      common = shape.count == 1 ? found : shape
    } else {
      let isOfClasses = found == shape.dropLast() || found == shape.dropLast() + [1]
      throw .shapes(
        name: name(), prediction: shape, target: found,
        expected: "a target of \(shape)"
          + (isOfClasses ? "; class numbers are what sparse_categorical_crossentropy takes" : ""))
    }
    self.shape = common
    numbers = .values(found == common ? target.reals : target.reals.reshaped(common))
  }

  /// One class per row.
  init(
    classes target: Target<Scalar>, prediction shape: [Int], name: @autoclosure () -> String, ignoring ignored: Int?
  ) throws(EvaluationError) {
    guard let classes = shape.last else {
      throw .predictionShape(name: name(), found: shape, expected: "[batch, …, classes]")
    }
    let rows = shape.dropLast()
    let found = target.shape
    let hasRows = found.elementsEqual(rows)
    guard hasRows || found.last == 1 && found.dropLast().elementsEqual(rows) else {
      throw .shapes(
        name: name(), prediction: shape, target: found,
        expected: "a target of class numbers of \(rows) or \(rows + [1])"
          + (found == shape ? "; rows of probabilities are what categorical_crossentropy takes" : ""))
    }
    var allowed: String { "0 ..< \(classes)" + (ignored.map { " and \($0), which is ignored" } ?? "") }
    guard let integers = target.integers else {
      let reals = target.reals.flattened.cast(to: Double.self).scalars
      let flat = reals.firstIndex { Int64(exactly: $0) == nil }!
      throw .label(
        name: name(), label: "\(reals[flat])", position: position(ofElement: flat, in: Array(rows)), allowed: allowed)
    }
    let labels = hasRows ? integers : integers.reshaped(Array(rows))
    let (wrong, used) = labels.checkLabels(classes: classes, ignoring: ignored.map(Int64.init))
    if let wrong {
      let label = labels.flattened[wrong].scalar
      throw .label(
        name: name(), label: "\(label)", position: position(ofElement: wrong, in: Array(rows)), allowed: allowed)
    }
    self.shape = shape
    numbers = .classes(labels, used: used)
  }
}

extension Tensor where Scalar: RealScalar {
  /// Sample weights, one per value of the given shape. They have that shape, or lack some of its last axes; a single
  /// axis of length 1 may replace these.
  func weights(for values: [Int], name: String) throws(EvaluationError) -> Tensor {
    if shape == values { return self }
    let own = shape.count <= values.count || shape.last != 1 ? shape : Array(shape.dropLast())
    for prefix in [own, own.last == 1 ? Array(own.dropLast()) : own] where values.starts(with: prefix) {
      let axes = prefix + [Int](repeating: 1, count: values.count - prefix.count)
      return reshaped(axes).broadcast(to: values)
    }
    throw .weightsShape(
      name: name, found: shape,
      expected: values.isEmpty
        ? "[], as there is one value for the whole batch"
        : "\(values)" + (values.count > 1 ? " or \(Array(values.prefix(1)))" : ""))
  }
}
