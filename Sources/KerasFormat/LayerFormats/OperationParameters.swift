import Activations
import Layers
import Tensor

/// The parameters of one of Keras's functions, and what its call has besides tensors.
struct OperationParameters<Scalar: RealScalar> {
  var reader: LayerReader<Scalar>
  /// All parameters.
  let given: [String: Configuration]
  let name: String
  /// The parameter `dtype`, an element type.
  let type: Configuration?
  /// The arguments of the call that are no tensors.
  let constants: [Configuration]
  /// The shape of the first tensor, if it is written, the batch axis included.
  let shape: [Int?]?

  /// One axis or several behind the batch axis; null would include the batch.
  mutating func axes(_ parameter: String = "axis") throws -> [Int] {
    let axes = try reader.axesBehindBatch(parameter, default: [])
    guard !axes.isEmpty else {
      throw reader.outOfRange(parameter, "null", "axes of at least 1 and negative ones: null includes the batch axis")
    }
    return axes
  }

  mutating func axis(_ parameter: String = "axis") throws -> Int {
    let axes = try axes(parameter)
    guard axes.count == 1 else { throw reader.outOfRange(parameter, "\(axes)", "one axis") }
    return axes[0]
  }

  mutating func keepsAxes() throws -> Bool { try reader.flag("keepdims", default: false) }

  mutating func integers(_ parameter: String) throws -> [Int] {
    guard let integers = try reader.optionalIntegers(parameter), !integers.isEmpty else {
      throw ConfigurationError.missingParameter(
        owner: name, parameter: parameter, allowed: "integers and lists of integers")
    }
    return integers
  }

  /// The last of the constants.
  /// - Parameter allowed: what is allowed, in the error for none.
  func constant(_ allowed: String) throws -> Configuration {
    guard let constant = constants.last else { throw ModelConfigurationError(expected: allowed, found: "none") }
    return constant
  }

  /// A shape that begins with the batch axis; lengths may be null or -1.
  mutating func lengths(_ parameter: String) throws -> [Int?] {
    let given = reader.configuration(parameter)
    guard let elements = given?.asList, elements.allSatisfy({ $0 == .null || ($0.asInteger ?? -2) >= -1 }),
      !elements.isEmpty
    else {
      throw reader.outOfRange(parameter, "\(given ?? .null)", "lists of lengths of at least 1, -1 and null")
    }
    return elements.map(\.asInteger)
  }

  /// Widths of a border: one for all, a pair for all, or a pair for each axis.
  mutating func border() throws -> NamedOperation<Scalar> {
    let written = reader.configuration("pad_width") ?? .null
    let mode = try reader.choice("mode", default: Border.constant)
    let value = try reader.optionalNumber("constant_values")
    let rows: [[Configuration]]? =
      switch written {
      case .integer, .number: [[written, written]]
      case .list(let list) where list.count == 2 && list.allSatisfy({ $0.asInteger != nil }): [list]
      default: written.asList?.map { $0.asList ?? [] }
      }
    let widths = (rows ?? []).map { $0.compactMap(\.asInteger) }
    guard !widths.isEmpty, widths.allSatisfy({ $0.count == 2 && $0[0] >= 0 && $0[1] >= 0 }),
      rows?.allSatisfy({ $0.count == 2 }) == true
    else { throw reader.outOfRange("pad_width", written.description, "pairs of integers of at least 0") }
    return .pad(widths, mode, value: value, written: written)
  }

  /// The indices of `x[…]`.
  func indices() throws -> [IndexExpression] {
    let given = try constant("an index")
    return try (given.asList ?? [given]).map { part in
      if part == .null { return .newAxis }
      if let place = part.asInteger { return .element(place) }
      switch part["class_name"] {
      case "__ellipsis__": return .ellipsis
      case "__slice__":
        let config = part["config"]
        let parts = ["start", "stop", "step"].map { config?[$0] ?? .null }
        if parts.allSatisfy({ $0 == .null || $0.asInteger != nil }), parts[2].asInteger != 0 {
          return .slice(Slice(parts[0].asInteger, parts[1].asInteger, step: parts[2].asInteger ?? 1))
        }
      default: break
      }
      throw ModelConfigurationError(
        expected: "integers, slices, None and ... as indices", found: part.shortened)
    }
  }

  mutating func split() throws -> NamedOperation<Scalar> {
    let axis = try axis()
    let written = reader.configuration("indices_or_sections") ?? .null
    if let count = written.asInteger, (1...10_000).contains(count) { return .split(name, into: count, axis: axis) }
    let places = written.asList?.compactMap(\.asInteger) ?? []
    guard !places.isEmpty, places.count == written.asList?.count else {
      throw reader.outOfRange("indices_or_sections", written.description, "the integers 1...10000 and lists of places")
    }
    return .split(name, at: places, axis: axis)
  }

  mutating func unstack() throws -> NamedOperation<Scalar> {
    let axis = try axis()
    let written = reader.configuration("num") ?? .null
    let place = axis < 0 ? axis + (shape?.count ?? 0) : axis
    let length = shape.flatMap { $0.indices.contains(place) ? $0[place] : nil }
    guard let count = written.asInteger ?? length, (1...10_000).contains(count) else {
      throw reader.outOfRange("num", written.description, "the integers 1...10000, or a known length")
    }
    return .unstack(count, axis: axis, written: written)
  }

  mutating func take() throws -> NamedOperation<Scalar> {
    let axis = try axis()
    let given = try constant("places")
    let places = given.asList?.compactMap(\.asInteger) ?? given.asInteger.map { [$0] } ?? []
    guard !places.isEmpty, given.asList.map({ $0.count == places.count }) ?? true else {
      throw ModelConfigurationError(expected: "an integer or a list of integers as places", found: given.shortened)
    }
    return .take(places, axis: axis, isOne: given.asList == nil)
  }

  mutating func norm() throws -> NamedOperation<Scalar> {
    let axes = try axes()
    let written = reader.configuration("ord") ?? .null
    let order: Double? =
      switch written {
      case "inf": .infinity
      case "-inf": -.infinity
      default: written.asNumber
      }
    let allowed = axes.count == 1 ? "numbers except 0, inf, -inf and null" : "null and fro for several axes"
    let isFrobenius = written == .null || (axes.count > 1 && written == "fro")
    guard isFrobenius || (axes.count == 1 && order != nil && order != 0) else {
      throw reader.outOfRange("ord", written.description, allowed)
    }
    return .norm(axes, order: order, keepsAxes: try keepsAxes(), written: written)
  }

  mutating func einsum() throws -> NamedOperation<Scalar> {
    let text = try reader.optionalString("subscripts") ?? ""
    guard let equation = ProductEquation(text) else {
      throw reader.outOfRange(
        "subscripts", text,
        "equations of at most 8 operands such as bij,bjk->bik, without repeated letters in one of them")
    }
    return .einsum(equation)
  }

  mutating func oneHot() throws -> NamedOperation<Scalar> {
    try reader.expect("axis", -1)
    try reader.expect("sparse", false)
    return .oneHot(try reader.integer("num_classes", from: 1, to: 1_000_000), type: type ?? .null)
  }

  mutating func reduction() throws -> NamedOperation<Scalar> {
    let (axes, keepsAxes) = (try axes(), try keepsAxes())
    return NamedOperation.reductions(axes, keepsAxes: keepsAxes).first { $0.name == name }!
  }

  mutating func extreme() throws -> NamedOperation<Scalar> {
    let initial = try reader.optionalNumber("initial")
    return .extreme(isLargest: name == "Max", try axes(), keepsAxes: try keepsAxes(), initial: initial)
  }

  mutating func roll() throws -> NamedOperation<Scalar> {
    let (shifts, axes) = (try integers("shift"), try axes())
    guard shifts.count == axes.count else { throw reader.outOfRange("shift", "\(shifts)", "as many as axes") }
    return .roll(shifts, axes)
  }
}

/// Keras's functions with parameters.
func makers<Scalar: RealScalar>(
  _: Scalar.Type
) -> [String: (inout OperationParameters<Scalar>) throws -> NamedOperation<Scalar>] {
  [
    "ReLU": {
      NamedOperation(
        try ReLU(from: &$0.reader).activation, name: "ReLU", module: "keras.src.activations.activations",
        parameters: $0.given)
    },
    "Clip": { .clip(from: try $0.reader.number("x_min"), to: try $0.reader.number("x_max")) },
    "GetItem": { .getItem(try $0.indices()) },
    "Take": { try $0.take() },
    "Reshape": { .reshape(try $0.lengths("newshape")) },
    "Squeeze": { .squeeze(try $0.reader.configuration("axis") == nil ? nil : $0.axes()) },
    "ExpandDims": { .expandDimensions(try $0.axes()) },
    "Transpose": { .transpose(try $0.integers("axes")) },
    "Swapaxes": { .swapAxes(try $0.axis("axis1"), try $0.axis("axis2")) },
    "Moveaxis": { it in
      let (sources, destinations) = (try it.axes("source"), try it.axes("destination"))
      guard sources.count == destinations.count else {
        throw it.reader.outOfRange("destination", "\(destinations)", "as many axes as source has")
      }
      return .moveAxes(sources, to: destinations)
    },
    "Flip": { .flip(try $0.axes()) },
    "Roll": { try $0.roll() },
    "Tile": { .tile(try $0.integers("repeats")) },
    "Repeat": { .repeat(try $0.reader.integer("repeats", from: 1), axis: try $0.axis()) },
    "BroadcastTo": { .broadcast(to: try $0.lengths("shape")) },
    "Pad": { try $0.border() },
    "Concatenate": { .concatenate(axis: try $0.axis()) },
    "Stack": { .stack(axis: try $0.axis()) },
    "Split": { try $0.split() },
    "ArraySplit": { try $0.split() },
    "Unstack": { try $0.unstack() },
    "Sum": { try $0.reduction() },
    "Mean": { try $0.reduction() },
    "Var": { try $0.reduction() },
    "Std": { try $0.reduction() },
    "Logsumexp": { try $0.reduction() },
    "Any": { try $0.reduction() },
    "All": { try $0.reduction() },
    "Max": { try $0.extreme() },
    "Min": { try $0.extreme() },
    "Prod": { .product(try $0.axes(), keepsAxes: try $0.keepsAxes(), type: $0.type ?? .null) },
    "Argmax": { .argument(isLargest: true, axis: try $0.axis(), keepsAxes: try $0.keepsAxes()) },
    "Argmin": { .argument(isLargest: false, axis: try $0.axis(), keepsAxes: try $0.keepsAxes()) },
    "Cumsum": { .cumulativeSum(axis: try $0.axis(), type: $0.type ?? .null) },
    "Norm": { try $0.norm() },
    "Normalize": {
      .normalize(
        try $0.axes(), order: try $0.reader.integer("order", from: 1, default: 2),
        epsilon: try $0.reader.optionalNumber("epsilon", .positive))
    },
    "Einsum": { try $0.einsum() },
    "Cast": { .cast(to: $0.type?.asString ?? Scalar.elementType.name) },
    "Round": { .round(decimals: try $0.reader.integer("decimals", from: -30, to: 30, default: 0)) },
    "OneHot": { try $0.oneHot() },
  ]
}
