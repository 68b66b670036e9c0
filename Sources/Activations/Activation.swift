internal import CKernels
public import Tensor

/// An activation function with its parameters: a value that is called on tensors, compared, printed, stored and named.
///
/// ```swift
/// let f: Activation<Float> = .elu(alpha: 0.3)
/// let y = try f(x)
/// let slope = try f.derivative(at: x)
/// ```
///
/// Wherever an activation is taken, there may stand a value (`.relu`, `.elu(alpha: 0.3)`), Keras's identifier as a literal
/// (`"relu"`) or, where the documentation says so, a closure from tensor to tensor. Names that are read at run time go through
/// ``init(named:parameters:in:)``, which throws where a literal stops the program.
///
/// Elementwise activations take any shape and never throw; those along an axis (softmax and its relatives, glu) and custom
/// ones may, so calling a value is marked with `try`. The free functions (`elu(x, alpha: 0.3)`) throw only where they can.
///
/// Parameters are rounded to the element type first; the error bounds hold for what they are then.
public struct Activation<Scalar: RealScalar>: Hashable, Sendable {
  let rule: Rule

  enum Rule: Hashable, Sendable {
    case elementwise(ElementwiseActivation)
    case alongAxes(AxisActivation)
    case custom(CustomActivation<Scalar>)
  }

  init(rule: Rule) { self.rule = rule }

  /// The activation itself: `Activation(.relu)`, where the context says no more than that a layer is expected.
  public init(_ activation: Self) { self = activation }

  /// Keras's identifier, PyTorch's where Keras has none, or the name of a custom activation.
  public var name: String {
    switch rule {
    case .elementwise(let activation): activation.definition.name
    case .alongAxes(let activation): activation.name
    case .custom(let activation): activation.name
    }
  }

  /// What is known of a built-in activation; none of a custom one.
  var definition: (any Definition)? {
    switch rule {
    case .elementwise(let activation): activation.definition
    case .alongAxes(let activation): activation.definition
    case .custom: nil
    }
  }

  /// All parameters by Keras's names; a custom activation has none.
  public var parameters: [String: Configuration] {
    switch rule {
    case .elementwise(let activation): activation.configurations
    case .alongAxes(let activation): ["axis": activation.axes.configuration]
    case .custom: [:]
    }
  }

  /// Whether all parameters have their defaults.
  var hasDefaults: Bool {
    switch rule {
    case .elementwise(let activation): activation.arguments == activation.definition.defaults
    case .alongAxes(let activation): activation == AxisActivation(activation.definition)
    case .custom: true
    }
  }
}

extension Activation: CustomStringConvertible {
  /// As it is written in source code, without parameters that have their default: `relu`, `elu(alpha: 0.3)`.
  public var description: String {
    switch rule {
    case .elementwise(let activation): activation.description
    case .alongAxes(let activation): activation.description
    case .custom(let activation): activation.name
    }
  }
}
