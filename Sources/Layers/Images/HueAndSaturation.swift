internal import Tensor

/// Colours by hue, saturation and value, each [rows, columns, 1].
struct HueSaturationValue<Scalar: RealScalar> {
  /// In parts of the circle from red by green and blue back to red; any number, of which the fraction counts.
  var hue: Traced<Scalar>
  var saturation: Traced<Scalar>
  let value: Traced<Scalar>

  /// - Parameter colors: red, green and blue, [rows, columns, 3].
  init(_ colors: Traced<Scalar>) throws {
    let channels = try colors.split(lengths: [1, 1, 1], axis: 2)
    value = try channels.merged(by: ExtremeOperation(isLargest: true))
    let range = try value - channels.merged(by: ExtremeOperation(isLargest: false))
    hue = try channels.merged(by: HueOperation())
    saturation = try range.applying(SaturationOperation(), value)
  }

  /// Red, green and blue, [rows, columns, 3].
  var colors: Traced<Scalar> {
    get throws {
      let sixths = try hue.applying(UnaryOperation(value: { $0 % 1 * 6 }, slope: { x, _ in .filled(x.shape, with: 6) }))
      func distance(_ center: Scalar) throws -> Traced<Scalar> {
        try (sixths - center).applying(UnaryOperation(value: { $0.absolute() }, slope: { x, _ in x.sign() }))
      }
      let parts = [try distance(3) - 1, try 2 - distance(2), try 2 - distance(4)]
      let channels = try parts.map { part in
        let pure = try part.activated(by: .hardTanh(minValue: 0, maxValue: 1))
        return try value * (1 - saturation + saturation * pure)
      }
      return try channels[0].concatenated(with: Array(channels[1...]), axis: 2)
    }
  }
}

/// The hues of red, green and blue, in 0..<1; 0 where these are equal.
private struct HueOperation<Scalar: RealScalar>: TensorOperation {
  struct Residual {
    let red, green, blue: Tensor<Scalar>
  }

  /// The hue, its distance from the hue of the largest channel, 1 / (6 range), and the largest and smallest channel.
  private func hue(_ x: Residual) -> (hue: Tensor<Scalar>, part: Tensor<Scalar>, norm: Tensor<Scalar>) {
    let (largest, smallest) = (largest(x), smallest(x))
    let range = largest - smallest
    let norm = 1 / (.where(range .> 0, range, Tensor(1)) * 6)
    let (isRed, isGreen) = (largest .== x.red, largest .== x.green)
    let part = norm * .where(isRed, x.green - x.blue, .where(isGreen, x.blue - x.red, x.red - x.green))
    let start = Tensor<Scalar>.where(isRed, Tensor(0), .where(isGreen, Tensor(Scalar(1) / 3), Tensor(Scalar(2) / 3)))
    return (part + start, part, norm)
  }

  private func largest(_ x: Residual) -> Tensor<Scalar> { .maximum(.maximum(x.red, x.green), x.blue) }
  private func smallest(_ x: Residual) -> Tensor<Scalar> { .minimum(.minimum(x.red, x.green), x.blue) }

  func forward(_ context: Context<Scalar>) throws -> Residual {
    let x = Residual(red: context.operand(0), green: context.operand(1), blue: context.operand(2))
    let hue = hue(x).hue
    context.give(.where(hue .< 0, hue + 1, hue))
    return x
  }

  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    let x = residual
    let (_, part, norm) = hue(x)
    let (largest, smallest, zero) = (largest(x), smallest(x), Tensor<Scalar>(0))
    let range = largest - smallest
    let upstream = context.upstream() * (range .> 0).cast(to: Scalar.self)
    let (isRed, isGreen) = (largest .== x.red, largest .== x.green)
    // The part is a difference of two channels times the norm, which falls with the range.
    let ofRange = upstream * part * norm * -6
    let ofDifference = upstream * norm
    let signs: [[Scalar]] = [[0, 1, -1], [-1, 0, 1], [1, -1, 0]]
    for (index, channel) in [x.red, x.green, x.blue].enumerated() {
      let sign = Tensor.where(
        isRed, Tensor(signs[0][index]), .where(isGreen, Tensor(signs[1][index]), Tensor(signs[2][index])))
      let ends = Tensor.where(channel .== largest, ofRange, zero) - .where(channel .== smallest, ofRange, zero)
      context.give(ofDifference * sign + ends, of: index)
    }
  }
}

/// The range of a colour's channels by its value, the largest one; 0 where that is not positive.
private struct SaturationOperation<Scalar: RealScalar>: TensorOperation {
  struct Residual {
    let range, value: Tensor<Scalar>
  }

  private func inverse(_ value: Tensor<Scalar>) -> Tensor<Scalar> { .where(value .> 0, 1 / value, Tensor(0)) }

  func forward(_ context: Context<Scalar>) throws -> Residual {
    let (range, value) = (context.operand(0), context.operand(1))
    context.give(.where(value .> 0, range / value, Tensor(0)))
    return Residual(range: range, value: value)
  }

  func pullback(_ residual: consuming Residual, _ context: Context<Scalar>) throws {
    let inverse = inverse(residual.value)
    let ofRange = context.upstream() * inverse
    context.give(ofRange * residual.range * inverse * -1, of: 1)
    context.give(ofRange, of: 0)
  }
}

extension RandomImageLayer {
  /// The shape of colour images with three channels.
  func threeColors(_ inputShape: [Int]) throws -> [Int] {
    _ = try spatialLengths(inputShape)
    if dataFormat.channels(inputShape) != 3 { throw unexpectedShape("one with 3 channels", inputShape) }
    return inputShape
  }
}
