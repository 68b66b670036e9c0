public import Tensor

/// Names of one's own for activations: a value that is passed where names are read.
///
///     var registry = Registry<Float>()
///     registry["cubed"] = .custom("cubed", { $0 * $0 * $0 })
///     let f = try Activation(named: "cubed", in: registry)
///
/// They come before the names of the built-in activations.
public struct Registry<Scalar: RealScalar>: Hashable, Sendable {
  private var activations: [String: Activation<Scalar>] = [:]

  public init() {}

  /// What a name stands for; none where it is not registered here.
  public subscript(name: String) -> Activation<Scalar>? {
    get { activations[name] }
    set { activations[name] = newValue }
  }

  /// The registered names in alphabetical order.
  public var names: [String] { activations.keys.sorted() }
}
