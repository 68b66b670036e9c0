public import Tensor

/// One step of a recurrent layer: from a step of the sequence and the states before it, the cell computes the step's
/// output and the states after it. ``RNN`` applies a cell to all steps.
///
/// ```swift
/// struct RunningMean<Scalar: RealScalar>: RecurrentCell {
///   func stateShapes(for inputShape: [Int]) throws -> [[Int]] { [inputShape] }
///   func step(_ x: Traced<Scalar>, _ states: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
///     let mean = try states[0] * 0.9 + x * 0.1
///     return [mean, mean]
///   }
/// }
/// let layer = RNN(RunningMean<Float>(), returnSequences: true)
/// ```
///
/// A cell is a layer: it declares its weights as any layer does, and ``Layer/outputShape(for:)`` is the shape of a step's
/// output for that of a step's input.
public protocol RecurrentCell<Scalar>: Layer {
  /// The number of states; 1 by default.
  var stateCount: Int { get }

  /// The shapes of a sample's states for the shape of a step's input.
  func stateShapes(for inputShape: [Int]) throws -> [[Int]]

  /// Describes a step's computation.
  /// - Parameter x: the step's input.
  /// - Parameter states: the states before the step.
  /// - Returns: the output, followed by the states after the step, in their shapes.
  func step(_ x: Traced<Scalar>, _ states: [Traced<Scalar>]) throws -> [Traced<Scalar>]

  /// Returns the function that computes each step of one sequence: by default, ``step(_:_:)``. A cell that draws random
  /// numbers once for all steps draws them here.
  /// - Parameter x: the first step's input.
  func steps(from x: Traced<Scalar>) throws -> RecurrentStep<Scalar>
}

/// A step's computation: from the input and the states to the output, followed by the new states.
public typealias RecurrentStep<Scalar: RealScalar> = (Traced<Scalar>, [Traced<Scalar>]) throws -> [Traced<Scalar>]

extension RecurrentCell {
  public var stateCount: Int { 1 }

  public var outputCount: Int { 1 + stateCount }

  public func steps(from x: Traced<Scalar>) throws -> RecurrentStep<Scalar> { step }

  /// Inputs are a step and the states; outputs, the step's output and the new states.
  public func outputShapes(for inputShapes: [[Int]]) throws -> [[Int]] {
    let states = try stateShapes(for: inputShapes[0])
    guard inputShapes.count == states.count + 1 else {
      throw LayerError.inputCount(layer: className, expected: states.count + 1, found: inputShapes.count)
    }
    try requireStates(Array(inputShapes.dropFirst()), states)
    return [try outputShape(for: inputShapes[0])] + states
  }

  public func call(_ inputs: [Traced<Scalar>]) throws -> [Traced<Scalar>] {
    try steps(from: inputs[0])(inputs[0], Array(inputs.dropFirst()))
  }

  public func call(_ x: Traced<Scalar>) throws -> Traced<Scalar> {
    try call([x] + stateShapes(for: x.shape).map { try x.zeros($0) })[0]
  }
}

extension Layer {
  /// Throws unless states have the shapes that are needed.
  func requireStates(_ found: [[Int]], _ expected: [[Int]]) throws {
    guard found == expected else {
      throw LayerError.inputShapes(
        layer: className,
        expected: "states of the shapes \(expected.map { batchDescription($0) }.joined(separator: ", "))",
        found: found.map { batchDescription($0) })
    }
  }

  /// Throws if a kernel of that many columns would be too large to be counted.
  func requireCountable(_ units: Int, times gates: Int) throws {
    if units > Int.max / gates / 4 {
      throw LayerError.outputShape(
        layer: className, expected: "at most \(Int.max / gates / 4) units", found: "one with \(units)")
    }
  }
}
