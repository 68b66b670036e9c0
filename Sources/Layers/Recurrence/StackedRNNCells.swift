public import Tensor

/// Cells one on another: each takes the output of the one before. States are those of the first cell, then those of the
/// second, and so on; the output is the last cell's.
public struct StackedRNNCells<Scalar: RealScalar>: RecurrentCell, CompositeLayer {
  /// The cells, of which the first takes the input.
  public private(set) var cells: [AnyRecurrentCell<Scalar>]

  /// - Precondition: there is at least one cell.
  public init(_ cells: [any RecurrentCell<Scalar>]) {
    require(!cells.isEmpty, "StackedRNNCells: there is no cell; allowed: at least one")
    self.cells = cells.map { AnyRecurrentCell($0) }
  }

  public var isBuilt: Bool { cells.allSatisfy { $0.isBuilt } }

  public var parts: [LayerPart<Scalar>] {
    var counts: [String: Int] = [:]
    return cells.map { cell in
      let name = snakeCase(cell.className)
      defer { counts[name, default: 0] += 1 }
      let number = counts[name].map { "_\($0)" } ?? ""
      return LayerPart("cells/\(name)\(number)", cell.cell, isTrainable: cell.isTrainable)
    }
  }

  /// Calls a function with each cell and the shape of its input.
  private func forEachCell(
    _ inputShape: [Int], _ body: (any RecurrentCell<Scalar>, [Int]) throws -> Void
  ) throws -> [Int] {
    try cells.reduce(inputShape) { shape, cell in
      try body(cell, shape)
      return try cell.outputShape(for: shape)
    }
  }

  public func outputShape(for inputShape: [Int]) throws -> [Int] { try forEachCell(inputShape) { _, _ in } }

  public var stateCount: Int { cells.reduce(0) { $0 + $1.stateCount } }

  public func stateShapes(for inputShape: [Int]) throws -> [[Int]] {
    var shapes: [[Int]] = []
    _ = try forEachCell(inputShape) { cell, shape in shapes += try cell.stateShapes(for: shape) }
    return shapes
  }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    var shape = inputShape
    for index in cells.indices {
      if !cells[index].isBuilt { try cells[index].build(inputShape: shape, using: &generator) }
      shape = try cells[index].outputShape(for: shape)
    }
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    let names = parts.map(\.name)
    for index in cells.indices {
      try cells[index].forEachWeight(in: String(names[index].dropFirst("cells/".count)), body)
    }
  }

  public func step(_ x: Traced<Scalar>, _ states: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    try steps(from: x)(x, states)
  }

  public func steps(from x: Traced<Scalar>) throws -> RecurrentStep<Scalar> {
    var made: [RecurrentStep<Scalar>] = []
    return { x, states in
      var (output, left, new) = (x, states[...], [Traced<Scalar>]())
      for (index, cell) in cells.enumerated() {
        // What a cell draws depends on the shape of its input, which the first step tells.
        if made.count == index { made.append(try cell.steps(from: output)) }
        let count = cell.stateCount
        let results = try made[index](output, Array(left.prefix(count)))
        left = left.dropFirst(count)
        output = results[0]
        new += results.dropFirst()
      }
      return [output] + new
    }
  }

  /// The place of the last cell's first state.
  var placeOfLastCell: Int { stateCount - cells[cells.count - 1].stateCount }
}
