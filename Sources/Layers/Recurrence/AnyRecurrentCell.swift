public import Tensor

/// A cell of any type.
public struct AnyRecurrentCell<Scalar: RealScalar>: RecurrentCell, CompositeLayer {
  /// The cell.
  public var cell: any RecurrentCell<Scalar>
  /// Whether training changes the cell's weights.
  public let isTrainable: Bool

  /// - Parameters:
  ///   - cell: the cell.
  ///   - isTrainable: whether training changes the cell's weights.
  public init(_ cell: any RecurrentCell<Scalar>, isTrainable: Bool = true) {
    let inner = cell as? Self
    self.cell = inner?.cell ?? cell
    self.isTrainable = isTrainable && inner?.isTrainable ?? true
  }

  public var className: String { cell.className }
  public var isBuilt: Bool { cell.isBuilt }
  public var parts: [LayerPart<Scalar>] { (cell as? any CompositeLayer<Scalar>)?.parts ?? [] }

  public var stateCount: Int { cell.stateCount }
  public func stateShapes(for inputShape: [Int]) throws -> [[Int]] { try cell.stateShapes(for: inputShape) }
  public func outputShape(for inputShape: [Int]) throws -> [Int] { try cell.outputShape(for: inputShape) }

  public mutating func build(inputShape: [Int], using generator: inout PhiloxGenerator) throws {
    try cell.build(inputShape: inputShape, using: &generator)
  }

  public mutating func forEachWeight(_ body: (inout Weight<Scalar>) throws -> Void) rethrows {
    try cell.forEachWeight(body)
  }

  public func step(_ x: Traced<Scalar>, _ states: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    try x.value.recorder.part(isTrainable: isTrainable) { try cell.step(x, states) }
  }

  public func steps(from x: Traced<Scalar>) throws -> RecurrentStep<Scalar> {
    let step = try cell.steps(from: x)
    return { x, states in try x.value.recorder.part(isTrainable: isTrainable) { try step(x, states) } }
  }
}
