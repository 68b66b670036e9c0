internal import Activations
package import Tensor

extension NamedOperation {
  /// `x[…]` as in NumPy, the batch axis included, which is taken whole.
  /// - Precondition: the indices are integers, slices, new axes and ellipses.
  package static func getItem(_ indices: [IndexExpression]) -> NamedOperation {
    var operation = NamedOperation("GetItem") { operands in
      let x = operands[0]
      let result = try x.shape(at: indices)
      return try x.rearranged(to: result) {
        $0[indices: indices.map(\.index)].copied()
      } back: { upstream, full in
        var gradient = Tensor<Scalar>.zeros(full)
        gradient[indices: indices.map(\.index)] = upstream
        return gradient
      }
    }
    operation.arguments = [.list(indices.map(\.configuration))]
    return operation
  }

  /// The elements at places of an axis, which may repeat.
  /// - Parameter place: the only place, which takes the axis away; `nil` for a list of places.
  package static func take(_ places: [Int], axis: Int, isOne: Bool) -> NamedOperation {
    var operation = NamedOperation("Take", parameters: ["axis": .integer(axis)]) { operands in
      let x = operands[0]
      let axis = try x.batchAxes([axis])[0]
      let length = x.shape[axis - 1]
      guard places.allSatisfy({ -length <= $0 && $0 < length }) else {
        throw x.unexpectedShape("one with the places \(places) along the axis \(axis)")
      }
      let resolved = places.map { Int64($0 < 0 ? $0 + length : $0) }
      var shape = x.shape
      shape[axis - 1] = places.count
      let taken = try x.rearranged(to: shape) {
        $0.take(Tensor(resolved), axis: axis)
      } back: { upstream, full in
        upstream.summed(at: resolved, axis: axis, length: full[axis])
      }
      guard isOne else { return taken }
      shape.remove(at: axis - 1)
      return try taken.reshaped(shape)
    }
    operation.arguments = [isOne ? .integer(places[0]) : Configuration(places)]
    return operation
  }
}

extension Traced {
  /// The shape of the samples that indices give.
  fileprivate func shape(at indices: [IndexExpression]) throws -> [Int] {
    let text = indices.map(\.text).joined(separator: ", ")
    var rest = ([nil] + shape.map(Optional.init))[...]
    let used = indices.count(where: \.isOfAxis)
    guard used <= rest.count, indices.count(where: \.isEllipsis) <= 1, used > 0 || indices.contains(where: \.isEllipsis)
    else {
      throw unexpectedShape("one that [\(text)] can index")
    }
    var result: [Int?] = []
    for index in indices {
      switch index {
      case .newAxis: result.append(1)
      case .ellipsis:
        let count = rest.count - indices.drop { !$0.isEllipsis }.count(where: \.isOfAxis)
        result += rest.prefix(count)
        rest = rest.dropFirst(count)
      case .element(let place):
        guard let length = rest.removeFirst(), -length <= place, place < length else {
          throw unexpectedShape("one that [\(text)] can index, without an index of the batch")
        }
      case .slice(let slice):
        guard let length = rest.removeFirst() else {
          guard slice == Slice(0, nil) || slice == .all else {
            throw unexpectedShape("one that [\(text)] can index, with the whole batch")
          }
          result.append(nil)
          continue
        }
        result.append(Tensor<Bool>(false).broadcast(to: [length])[slice].count)
      default: throw unexpectedShape("one that [\(text)] can index")
      }
    }
    result += rest
    guard result.first == .some(nil), !result.contains(0), result.count <= Tensor<Scalar>.maximumRank else {
      throw unexpectedShape("one of which [\(text)] gives elements of samples, behind the batch axis")
    }
    return result.dropFirst().compactMap(\.self)
  }
}

extension IndexExpression {
  /// - Precondition: it is neither a mask nor a tensor of positions.
  fileprivate var index: any TensorIndex {
    switch self {
    case .element(let place): place
    case .slice(let slice): slice
    case .newAxis: .newAxis as NewAxis
    case .ellipsis: .ellipsis as Ellipsis
    default: trap("an index of a model's tensor is an integer, a slice, a new axis or an ellipsis")
    }
  }

  fileprivate var isEllipsis: Bool { if case .ellipsis = self { true } else { false } }

  /// Whether it stands for one axis.
  fileprivate var isOfAxis: Bool {
    switch self {
    case .element, .slice: true
    default: false
    }
  }

  /// Python's notation.
  fileprivate var text: String {
    switch self {
    case .element(let place): "\(place)"
    case .slice(let slice):
      "\(slice.start.map(String.init) ?? ""):\(slice.end.map(String.init) ?? "")"
        + (slice.step == 1 ? "" : ":\(slice.step)")
    case .newAxis: "None"
    default: "..."
    }
  }

  /// Keras's notation.
  fileprivate var configuration: Configuration {
    switch self {
    case .element(let place): return .integer(place)
    case .slice(let slice):
      let step = slice.step == 1 ? nil : slice.step
      return [
        "class_name": "__slice__",
        "config": [
          "start": Configuration(slice.start), "stop": Configuration(slice.end), "step": Configuration(step),
        ],
      ]
    case .newAxis: return .null
    default: return ["class_name": "__ellipsis__", "config": [:]]
    }
  }
}

extension Symbol {
  /// Elements of the samples, as in NumPy: `x[.all, 0]` has the first of each sample, `x[.ellipsis, .newAxis]` an axis more.
  ///
  /// The first index is that of the batch axis, which is taken whole: `.all`, or `.ellipsis`.
  /// - Precondition: the indices are integers, ranges, slices, `.newAxis` and `.ellipsis`.
  public subscript(_ first: any TensorIndex, _ second: any TensorIndex, _ others: any TensorIndex...) -> Symbol {
    let expressions = ([first, second] + others).map { $0.expression }
    _ = expressions.map(\.index)
    return OperationLayer<Scalar>(.getItem(expressions), [.tensor])(self)
  }
}

extension TensorIndex {
  fileprivate var expression: IndexExpression { Self.expression(of: self) }
}
