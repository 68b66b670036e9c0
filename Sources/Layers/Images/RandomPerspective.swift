public import Tensor

/// Views some images in training from a direction: moves their corners.
public struct RandomPerspective<Scalar: RealScalar>: RandomImageLayer {
  /// The probability of an image to be changed, which is drawn too.
  public let factor: ClosedRange<Double>
  /// How far corners move: coordinates are multiplied by numbers from 1 - scale / 2 to 1 + scale / 2.
  public let scale: Double
  /// How images are read between their places.
  public let interpolation: Interpolation
  /// The number beyond the border.
  public let fillValue: Double
  public let dataFormat: DataFormat

  /// - Parameter factor: the probability of an image to be changed is drawn from this range in 0...1, or up to a number.
  /// - Parameter scale: how far corners move, in 0...1.
  /// - Parameter interpolation: how images are read between their places: `nearest` or `bilinear`.
  /// - Parameter fillValue: the number beyond the border.
  /// - Parameter dataFormat: the position of the channel axis.
  public init(
    factor: some FactorRange = 1.0, scale: Double = 1, interpolation: Interpolation = .bilinear, fillValue: Double = 0,
    dataFormat: DataFormat = .channelsLast
  ) {
    requireWarp(interpolation, fillValue, Self.className)
    require((0...1).contains(scale), "RandomPerspective: scale is \(scale); allowed: 0...1")
    self.factor = factor.resolved(.closedUnit, from: 0, "factor", of: Self.className)
    (self.scale, self.interpolation, self.fillValue) = (scale, interpolation, fillValue)
    self.dataFormat = dataFormat
  }

  public func changed(_ images: Traced<Scalar>) throws -> Traced<Scalar> {
    let operation = WarpOperation<Scalar>(fillMode: .constant, fillValue: fillValue, interpolation: interpolation)
    return try images.warped(operation) { [factor, scale] height, width, generator in
      guard generator.isTrue(withProbability: factor) else { return .identity }
      let factors = (0..<4).map { _ in
        (
          1 + Double.random(in: -0.5...0.5, using: &generator) * scale,
          1 + Double.random(in: -0.5...0.5, using: &generator) * scale
        )
      }
      return .perspective(cornerFactors: factors, height: height, width: width)
    }
  }
}

extension PlaceMap {
  /// Reads each corner of the image where the result has it after its coordinates have been multiplied; the identity where the moved
  /// corners are no quadrilateral.
  static func perspective(cornerFactors: [(x: Double, y: Double)], height: Int, width: Int) -> PlaceMap {
    let (right, bottom) = (Double(width - 1), Double(height - 1))
    var equations: [[Double]] = []
    var corners: [Double] = []
    for ((x, y), factors) in zip([(0, 0), (right, 0), (0, bottom), (right, bottom)], cornerFactors) {
      let (movedX, movedY) = (x * factors.x, y * factors.y)
      equations.append([movedX, movedY, 1, 0, 0, 0, -x * movedX, -x * movedY])
      equations.append([0, 0, 0, movedX, movedY, 1, -y * movedX, -y * movedY])
      corners += [x, y]
    }
    guard let solution = try? Tensor(equations).solve(Tensor(corners)) else { return .identity }
    return PlaceMap(solution.scalars)
  }
}
