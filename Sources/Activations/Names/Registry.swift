public import Tensor

/// Custom names for activations: a value that is passed where names are read.
///
/// ```swift
/// var registry = Registry<Float>()
/// registry.register("cubed", { $0 * $0 * $0 }, pullback: { upstream, x in upstream * 3 * x * x })
/// let f = try Activation(named: "cubed", in: registry)
/// ```
///
/// They come before the names of the built-in activations.
public struct Registry<Scalar: RealScalar>: Hashable, Sendable {
  private var activations: [String: Activation<Scalar>] = [:]

  /// Knows no names yet.
  public init() {}

  /// What a name stands for; none where it is not registered here. A custom activation is written to files under the name it
  /// was made with.
  public subscript(name: String) -> Activation<Scalar>? {
    get { activations[name] }
    set { activations[name] = newValue }
  }

  /// Gives a name to a custom function; see ``Activation/custom(_:_:pullback:)``.
  public mutating func register(
    _ name: String, _ function: @escaping @Sendable (Tensor<Scalar>) throws -> Tensor<Scalar>,
    pullback: (@Sendable (_ upstream: Tensor<Scalar>, _ input: Tensor<Scalar>) throws -> Tensor<Scalar>)? = nil
  ) {
    self[name] = .custom(name, function, pullback: pullback)
  }

  /// The registered names in alphabetical order.
  public var names: [String] { activations.keys.sorted() }
}
