import Activations
import Tensor

/// What `bench` times, by the name that the scripts for other libraries give it.
struct BenchOperation<Scalar: RealScalar> {
  let name: String
  let shape: (_ size: Int) -> [Int]
  let value: (consuming Tensor<Scalar>) -> Tensor<Scalar>
  let pullback: (_ upstream: Tensor<Scalar>, _ input: Tensor<Scalar>, _ output: Tensor<Scalar>) -> Tensor<Scalar>

  static var all: [Self] {
    let elementwise = Subject.all.map { subject in
      let row = subject.row(subject.settings[0])
      return Self(
        name: subject.name == "exponential" ? "exp" : subject.name, shape: { [$0] },
        value: { row.value($0) },
        pullback: { upstream, input, _ in row.pullback(upstream, at: input) })
    }
    let softmaxes = [10, 128, 1000].map { rows("softmax", .softmax, of: $0) }
    let others = [
      rows("log_softmax", .logSoftmax, of: 1000), rows("sparsemax", .sparsemax, of: 1000),
      alongAxis("softmax_axis0", .softmax, axis: 0) { [128, max(1, $0 / 128)] },
      alongAxis("glu", .glu, axis: -1) { [$0] },
    ]
    return elementwise + softmaxes + others
  }

  private static func rows(_ name: String, _ kind: AxisActivation.Kind, of length: Int) -> Self {
    alongAxis("\(name)\(length)", kind, axis: -1) { [max(1, $0 / length), length] }
  }

  private static func alongAxis(
    _ name: String, _ kind: AxisActivation.Kind, axis: Int, shape: @escaping (Int) -> [Int]
  ) -> Self {
    let activation = AxisActivation(kind, .axes([axis]))
    return Self(
      name: name, shape: shape,
      value: { x in
        do { return try activation(x) } catch { trap("\(error)") }
      },
      pullback: { upstream, input, output in
        do { return try activation.pullback(upstream, input: input, output: output) } catch { trap("\(error)") }
      })
  }
}
