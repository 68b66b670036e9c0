// Sums of products by index notation, through views, products of matrices and sums.

extension Tensor where Scalar: RealScalar {
  /// Einstein's summation convention, as NumPy's `einsum`.
  ///
  /// ```swift
  /// let product = Tensor.einsum("ij,jk->ik", a, b)         // of two matrices
  /// let diagonal = Tensor.einsum("ii->i", a)             // "ii" is the trace
  /// let transposes = Tensor.einsum("...ij->...ji", a)    // of every matrix
  /// ```
  ///
  /// A letter names an axis of each operand that bears it; letters absent from the output are summed over. Without `->`
  /// the output has the letters that occur once, in alphabetical order, after the axes of the ellipsis. `...` stands for
  /// the axes that no letter names; they broadcast, as axes of length 1 do. Operands are combined from left to right, a
  /// letter being summed over as soon as no later operand bears it; a pair with common summed letters is one `matmul`.
  ///
  /// A view of an operand comes back where nothing has to be computed. An equation that is not
  /// well formed, or shapes that do not match it, stop the program with a message that names both.
  public static func einsum(_ equation: String, _ operands: Tensor...) -> Tensor {
    einsum(equation, operands)
  }

  /// The same for operands in an array.
  public static func einsum(_ equation: String, _ operands: [Tensor]) -> Tensor {
    let plan: EinsumPlan
    do {
      plan = try EinsumPlan(equation, operands.map(\.shape))
    } catch {
      trap("einsum(\(equation.debugDescription)) of the shapes \(operands.map(\.shape)): \(error.reason)")
    }
    var term = EinsumTerm(operands[0], plan.inputs[0])
    for next in 1..<operands.count {
      let needed = Set(plan.output).union(plan.inputs[(next + 1)...].joined())
      let right = EinsumTerm(operands[next], plan.inputs[next])
      let alone = { (label: EinsumLabel, other: EinsumTerm<Scalar>) in
        !needed.contains(label) && !other.labels.contains(label)
      }
      let left = term
      term = left.summed { alone($0, right) }.multiplied(right.summed { alone($0, left) }, keeping: needed)
    }
    let kept = Set(plan.output)
    return term.summed { !kept.contains($0) }.permuted(to: plan.output)
  }
}

/// The name of an axis: a letter, or the place of an axis of the ellipsis counted from the last.
enum EinsumLabel: Hashable {
  case letter(Character)
  case ellipsis(Int)
}

/// An equation with its ellipses resolved.
struct EinsumPlan {
  struct Mistake: Error { var reason: String }

  var inputs: [[EinsumLabel]]
  var output: [EinsumLabel]

  init(_ equation: String, _ shapes: [[Int]]) throws(Mistake) {
    let compact = equation.filter { $0 != " " }
    var sides = [Substring(compact)]
    if let arrow = compact.firstRange(of: "->") {
      sides = [compact[..<arrow.lowerBound], compact[arrow.upperBound...]]
    }
    let terms = sides[0].split(separator: ",", omittingEmptySubsequences: false)
    guard terms.count == shapes.count, !shapes.isEmpty else {
      throw Mistake(reason: "there are \(terms.count) terms for \(shapes.count) operands")
    }
    inputs = []
    var lengths: [EinsumLabel: Int] = [:]
    for (position, term) in terms.enumerated() {
      let shape = shapes[position]
      let labels = try Self.labels(term, ellipsisLength: { letters in shape.count - letters })
      guard labels.count == shape.count else {
        throw Mistake(reason: "\"\(term)\" names \(labels.count) axes of operand \(position), which has \(shape.count)")
      }
      for (label, length) in zip(labels, shape) {
        let known = lengths[label] ?? 1
        guard known == length || known == 1 || length == 1 else {
          throw Mistake(reason: "\(Self.name(label)) has the lengths \(known) and \(length)")
        }
        lengths[label] = known == 1 ? length : known
      }
      inputs.append(labels)
    }
    let ellipsis = lengths.keys.compactMap { if case .ellipsis(let place) = $0 { place } else { nil } }.max() ?? 0
    if sides.count == 2 {
      output = try Self.labels(sides[1], ellipsisLength: { _ in ellipsis })
    } else {
      var counts: [Character: Int] = [:]
      for case .letter(let letter) in inputs.joined() { counts[letter, default: 0] += 1 }
      output = (0..<ellipsis).map { .ellipsis(ellipsis - $0) }
      output += counts.filter { $0.value == 1 }.keys.sorted().map { .letter($0) }
    }
    guard Set(output).count == output.count else { throw Mistake(reason: "an axis of the output is named twice") }
    for label in output where lengths[label] == nil {
      throw Mistake(reason: "\(Self.name(label)) of the output is in no operand")
    }
  }

  private static func labels(_ term: Substring, ellipsisLength: (Int) -> Int) throws(Mistake) -> [EinsumLabel] {
    var parts = [term]
    if let dots = term.firstRange(of: "...") { parts = [term[..<dots.lowerBound], term[dots.upperBound...]] }
    for part in parts {
      for letter in part where !letter.isLetter || !letter.isASCII {
        throw Mistake(reason: "\(letter.debugDescription) is not a letter")
      }
    }
    let letters = parts.map { $0.map { EinsumLabel.letter($0) } }
    guard letters.count == 2 else { return letters[0] }
    let length = max(ellipsisLength(letters[0].count + letters[1].count), 0)
    return letters[0] + (0..<length).map { .ellipsis(length - $0) } + letters[1]
  }

  private static func name(_ label: EinsumLabel) -> String {
    switch label {
    case .letter(let letter): "\"\(letter)\""
    case .ellipsis(let place): "axis -\(place) of the ellipsis"
    }
  }
}

/// A tensor whose axes have names, each once.
struct EinsumTerm<Scalar: RealScalar> {
  var tensor: Tensor<Scalar>
  var labels: [EinsumLabel]

  /// Takes diagonals where a name occurs more than once.
  init(_ tensor: Tensor<Scalar>, _ labels: [EinsumLabel]) {
    var (layout, names) = (tensor.layout, labels)
    while let second = names.indices.first(where: { names[..<$0].contains(names[$0]) }) {
      let first = names.firstIndex(of: names[second])!
      let length = layout.shape[first] == 1 ? layout.shape[second] : layout.shape[first]
      // An axis of length 1 broadcasts against its namesake.
      for axis in [first, second] where layout.shape[axis] != length {
        (layout.shape[axis], layout.strides[axis]) = (length, 0)
      }
      layout = layout.diagonal(offset: 0, axis1: first, axis2: second)
      let label = names[second]
      names.remove(at: second)
      names.remove(at: first)
      names.append(label)
    }
    self.tensor = tensor.view(layout)
    self.labels = names
  }

  /// Without the axes that are to be summed over.
  func summed(_ isSummed: (EinsumLabel) -> Bool) -> EinsumTerm {
    let axes = labels.indices.filter { isSummed(labels[$0]) }
    if axes.isEmpty { return self }
    return EinsumTerm(tensor.sum(axis: axes), labels.filter { !isSummed($0) })
  }

  func permuted(to output: [EinsumLabel]) -> Tensor<Scalar> {
    tensor.permuted(output.map { labels.firstIndex(of: $0)! })
  }

  private func length(_ label: EinsumLabel) -> Int { labels.firstIndex(of: label).map { tensor.shape[$0] } ?? 1 }

  /// The axes in groups, each group one axis.
  private func grouped(_ groups: [[EinsumLabel]], _ lengths: (EinsumLabel) -> Int) -> Tensor<Scalar> {
    let order = Array(groups.joined())
    let permuted = tensor.permuted(order.map { labels.firstIndex(of: $0)! })
    return permuted.broadcast(to: order.map(lengths)).reshaped(groups.map { $0.reduce(1) { $0 * lengths($1) } })
  }

  /// The product with another term; common names that are not kept are summed over.
  func multiplied(_ other: EinsumTerm, keeping kept: Set<EinsumLabel>) -> EinsumTerm {
    let common = labels.filter(other.labels.contains)
    let summed = common.filter { !kept.contains($0) }
    let batch = common.filter(kept.contains)
    let rows = labels.filter { !common.contains($0) }
    let columns = other.labels.filter { !common.contains($0) }
    let lengths = { (label: EinsumLabel) in length(label) == 1 ? other.length(label) : length(label) }
    if summed.isEmpty {
      // Nothing to sum: the elementwise product, broadcast.
      let names = batch + rows + columns
      func aligned(_ term: EinsumTerm) -> Tensor<Scalar> {
        let present = names.filter(term.labels.contains)
        var layout = term.tensor.layout.permuted(present.map { term.labels.firstIndex(of: $0)! })
        for (axis, name) in names.enumerated() where !term.labels.contains(name) {
          layout = layout.inserting(axis: axis)
        }
        return term.tensor.view(layout)
      }
      return EinsumTerm(aligned(self) * aligned(other), names)
    }
    let left = grouped([batch, rows, summed], lengths)
    let right = other.grouped([batch, summed, columns], lengths)
    let product = batch.isEmpty ? left[0].matmul(right[0]) : left.matmul(right)
    let names = batch + rows + columns
    return EinsumTerm(product.reshaped(names.map(lengths)), names)
  }
}
