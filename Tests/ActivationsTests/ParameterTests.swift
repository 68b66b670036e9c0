import Tensor
import Testing

@testable import Activations

/// What holds for every parameter of an elementwise activation, from the description alone.
@Suite struct ParameterTests {
  @Test(arguments: Kernels.supported)
  func `infinities have limits for every parameter`(kernels: Kernels) throws {
    let ends: [Float] = [-.infinity, .infinity]
    for definition in ElementwiseDefinition.all {
      let errors = definition.formula.errors
      for arguments in definition.extremes {
        guard let rule = try? definition.activation(arguments, for: .float, named: definition.parameters.map(\.label))
        else { continue }  // such as a product of the two largest numbers
        let activation = Activation<Float>(rule: .elementwise(rule))
        let reference = definition.reference(arguments)
        let exact = ends.map { (value: reference.value(Double($0)), slope: reference.slope(Double($0))) }
        let values = try activation(Tensor(ends), kernels: kernels).scalars
        let slopes = try activation.derivative(at: Tensor(ends), kernels: kernels).scalars
        let areLimits = ends.indices.allSatisfy { end in
          !exact[end].value.isNaN && !exact[end].slope.isNaN
            && ulps(values[end], from: exact[end].value) <= errors.value!.float
            && ulps(slopes[end], from: exact[end].slope) <= errors.slope!.float
        }
        #expect(areLimits, "\(activation): values \(values) and slopes \(slopes) instead of \(exact)")
      }
    }
  }

  @Test func `what lies outside a range is refused, and what is allowed is named`() {
    for definition in ElementwiseDefinition.all {
      for (index, parameter) in definition.parameters.enumerated() {
        for number in parameter.range.refused {
          var arguments = definition.variants[0].arguments
          arguments[index] = number
          let error = ActivationError.parameterOutOfRange(
            activation: definition.name, parameter: parameter.label, value: parameter.text(number),
            allowed: parameter.range.description)
          #expect(throws: error) {
            _ = try definition.activation(arguments, for: .float, named: definition.parameters.map(\.label))
          }
        }
      }
    }
  }
}

extension ElementwiseDefinition {
  /// All combinations of the parameters' extremes.
  fileprivate var extremes: [Arguments] {
    parameters.indices.reduce([Arguments()]) { combinations, index in
      combinations.flatMap { arguments in
        parameters[index].range.extremes.map { number in
          var arguments = arguments
          arguments[index] = Double(number)
          return arguments
        }
      }
    }
  }
}

extension Parameter.Range {
  /// Numbers at the ends of the range, around its middle, and between.
  fileprivate var extremes: [Float] {
    let positive: [Float] = [.leastNormalMagnitude, 0.3, 1, .greatestFiniteMagnitude]
    return switch self {
    case .finite: positive.map { -$0 } + [0] + positive
    case .invertible: positive.map { -$0 } + positive
    case .positive: positive
    case .nonnegative: [0] + positive
    case .limit: [0] + positive + [.infinity]
    case .flag: [0, 1]
    case .axis, .axes: []
    }
  }

  /// Numbers just outside the range, and far outside.
  fileprivate var refused: [Double] {
    let tiny = Double(Float.leastNonzeroMagnitude)  // the reciprocal is infinite
    return switch self {
    case .finite: [-.infinity, .infinity, .nan, 1e39]
    case .invertible: [-.infinity, -tiny, 0, tiny, .infinity, .nan, 1e39]
    case .positive: [-.infinity, -1, 0, tiny, .infinity, .nan, 1e39]
    case .nonnegative: [-.infinity, -1, -tiny, .infinity, .nan, 1e39]
    case .limit: [-.infinity, -1, -tiny, .nan]
    case .flag: [-1, 0.5, 2, .nan]
    case .axis, .axes: []
    }
  }
}
