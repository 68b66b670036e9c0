package import Activations
internal import Tensor

// Functions whose results are truth values, as 0 and 1, or that take such.

extension NamedOperation {
  private static func relation(
    _ name: String, _ holds: @escaping @Sendable (Tensor<Scalar>, Tensor<Scalar>) -> Tensor<Bool>
  ) -> NamedOperation {
    NamedOperation(name, .broadcasting(2)) {
      try $0[0].applying(BinaryOperation(value: { holds($0, $1).cast(to: Scalar.self) }, gradients: nil), $0[1])
    }
  }

  private static func property(
    _ name: String, _ holds: @escaping @Sendable (Tensor<Scalar>) -> Tensor<Bool>
  ) -> NamedOperation {
    stepwise(name) { holds($0).cast(to: Scalar.self) }
  }

  static var truths: [NamedOperation] {
    [
      relation("Equal") { $0 .== $1 },
      relation("NotEqual") { $0 .!= $1 },
      relation("Less") { $0 .< $1 },
      relation("LessEqual") { $0 .<= $1 },
      relation("Greater") { $0 .> $1 },
      relation("GreaterEqual") { $0 .>= $1 },
      relation("LogicalAnd") { ($0 .!= 0) .& ($1 .!= 0) },
      relation("LogicalOr") { ($0 .!= 0) .| ($1 .!= 0) },
      relation("LogicalXor") { ($0 .!= 0) .^ ($1 .!= 0) },
      property("LogicalNot") { $0 .== 0 },
      property("Isnan") { $0.isNaN },
      property("Isfinite") { $0.isFinite },
      property("Isinf") { $0.isInfinite },
      NamedOperation("Where", .broadcasting(3)) { try $0[0].applying(SelectionOperation(), $0[1], $0[2]) },
    ]
  }

  /// The elements as another type: of integers, without their fractions; of truth values, 1 for all but 0.
  package static func cast(to type: String) -> NamedOperation {
    let (name, parameters) = ("Cast", ["dtype": Configuration.string(type)])
    if type == "bool" {
      return stepwise(name, module: "core", parameters: parameters) { ($0 .!= 0).cast(to: Scalar.self) }
    }
    if type.contains("int") { return stepwise(name, module: "core", parameters: parameters) { $0.truncated() } }
    return NamedOperation(name, module: "core", parameters: parameters) { $0[0].with(mask: nil) }
  }

  /// The elements with so many digits behind the point; halves go to the even neighbour.
  package static func round(decimals: Int) -> NamedOperation {
    let factor = Scalar(Double.pow10(decimals))
    return stepwise("Round", parameters: ["decimals": .integer(decimals)]) {
      decimals == 0 ? $0.rounded() : ($0 * factor).rounded() / factor
    }
  }

  /// Truth values behind the last axis: 1 at the place of the element among the classes, and 0 elsewhere.
  package static func oneHot(_ count: Int, type: Configuration) -> NamedOperation {
    let parameters: [String: Configuration] = [
      "num_classes": .integer(count), "axis": -1, "dtype": type, "sparse": false,
    ]
    return NamedOperation("OneHot", module: "nn", parameters: parameters) { operands in
      let x = operands[0]
      let classes = Tensor<Int64>.arange(count).cast(to: Scalar.self)
      return try x.rearranged(to: x.shape + [count]) {
        ($0.expanded(axis: -1) .== classes).cast(to: Scalar.self)
      } back: { _, shape in
        .zeros(shape)
      }
    }
  }
}

extension Double {
  fileprivate static func pow10(_ exponent: Int) -> Double {
    (0..<abs(exponent)).reduce(1) { power, _ in exponent < 0 ? power / 10 : power * 10 }
  }
}
