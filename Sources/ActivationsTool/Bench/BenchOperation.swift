import Activations
import Tensor

/// An operation timed by `bench`, with its name in the scripts for other libraries.
struct BenchOperation<Scalar: RealScalar> {
  let name: String
  let activation: Activation<Scalar>
  let shape: (_ size: Int) -> [Int]

  func value(_ x: consuming Tensor<Scalar>) -> Tensor<Scalar> {
    do { return try activation(x) } catch { trap("\(error)") }
  }

  func apply(to x: inout Tensor<Scalar>) {
    do { try activation.apply(to: &x) } catch { trap("\(error)") }
  }

  /// The pullback, with everything that a training step has.
  func pullback(_ upstream: Tensor<Scalar>, _ input: Tensor<Scalar>, _ output: Tensor<Scalar>) -> Tensor<Scalar> {
    do { return try activation.pullback(upstream, input: input, output: output) } catch { trap("\(error)") }
  }

  /// Whether a name selects an operation: its own, an alias of the activation, or softmax for softmax10 and the others.
  static func isMeant(_ operation: String, by name: String) -> Bool {
    let spelled = canonicalName(name)
    let lengths = operation.dropFirst(spelled.count)
    return operation == name || operation == spelled
      || (operation.hasPrefix(spelled) && (lengths == "_axis0" || lengths.allSatisfy(\.isNumber)))
  }

  static var all: [Self] {
    let elementwise = Variant.all.filter(\.isDistinct).compactMap { variant in
      let activation = variant.activation(Scalar.self)
      return activation.isLinear ? nil : Self(name: variant.name, activation: activation, shape: { [$0] })
    }
    let softmaxes = [10, 128, 1000].map { rows("softmax", .softmax, of: $0) }
    let others = [
      rows("log_softmax", .logSoftmax, of: 1000), rows("sparsemax", .sparsemax, of: 1000),
      rows("hardmax", .hardmax, of: 1000),
      Self(name: "softmax_axis0", activation: .softmax(axis: 0), shape: { [128, max(1, $0 / 128)] }),
      Self(name: "glu", activation: .glu, shape: { [max(2, $0)] }),
    ]
    return elementwise + softmaxes + others
  }

  private static func rows(_ name: String, _ activation: Activation<Scalar>, of length: Int) -> Self {
    Self(name: "\(name)\(length)", activation: activation, shape: { [max(1, $0 / length), length] })
  }
}
