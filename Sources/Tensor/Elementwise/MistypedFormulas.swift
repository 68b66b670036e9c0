// Formulas that are mistakes, and what to write instead. Without these the compiler names protocols that have nothing to do with the
// mistake.

extension Tensor where Scalar == Float {
  @available(*, unavailable, message: "convert the number to the type of the elements: x + Float(y)")
  public static func + (x: Tensor, y: Double) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: Float(x) + y")
  public static func + (x: Double, y: Tensor) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: x - Float(y)")
  public static func - (x: Tensor, y: Double) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: Float(x) - y")
  public static func - (x: Double, y: Tensor) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: x * Float(y)")
  public static func * (x: Tensor, y: Double) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: Float(x) * y")
  public static func * (x: Double, y: Tensor) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: x / Float(y)")
  public static func / (x: Tensor, y: Double) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: Float(x) / y")
  public static func / (x: Double, y: Tensor) -> Tensor { trap("\(#function) is unavailable") }
}

extension Tensor where Scalar == Double {
  @available(*, unavailable, message: "convert the number to the type of the elements: x + Double(y)")
  public static func + (x: Tensor, y: Float) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: Double(x) + y")
  public static func + (x: Float, y: Tensor) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: x - Double(y)")
  public static func - (x: Tensor, y: Float) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: Double(x) - y")
  public static func - (x: Float, y: Tensor) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: x * Double(y)")
  public static func * (x: Tensor, y: Float) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: Double(x) * y")
  public static func * (x: Float, y: Tensor) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: x / Double(y)")
  public static func / (x: Tensor, y: Float) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: Double(x) / y")
  public static func / (x: Float, y: Tensor) -> Tensor { trap("\(#function) is unavailable") }
}

extension Tensor where Scalar: RealScalar {
  @available(*, unavailable, message: "convert the number to the type of the elements: x + Float(y)")
  public static func + (x: Tensor, y: Int) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: Float(x) + y")
  public static func + (x: Int, y: Tensor) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: x - Float(y)")
  public static func - (x: Tensor, y: Int) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: Float(x) - y")
  public static func - (x: Int, y: Tensor) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: x * Float(y)")
  public static func * (x: Tensor, y: Int) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: Float(x) * y")
  public static func * (x: Int, y: Tensor) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: x / Float(y)")
  public static func / (x: Tensor, y: Int) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "convert the number to the type of the elements: Float(x) / y")
  public static func / (x: Int, y: Tensor) -> Tensor { trap("\(#function) is unavailable") }
}

extension Tensor where Scalar: NumericScalar & FixedWidthInteger {
  @available(
    *, unavailable, message: "integers: write x.floorDivided(by: y), or x.cast(to: Float.self) / y.cast(to: Float.self)"
  )
  @_disfavoredOverload
  public static func / (x: Tensor, y: Tensor) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "integers: write x.floorDivided(by: y), or x.cast(to: Float.self) / Float(y)")
  public static func / (x: Tensor, y: Scalar) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "random integers: write .integers(shape, in: 0..<10, using: &generator)")
  public static func uniform(
    _ shape: [Int], in range: Range<Scalar> = 0..<1, using generator: inout PhiloxGenerator
  ) -> Tensor { trap("\(#function) is unavailable") }
}

extension Tensor where Scalar: NumericScalar & Comparable {
  @available(*, unavailable, message: "elements are compared by x .< y")
  @_disfavoredOverload
  public static func < (x: Tensor, y: Tensor) -> Tensor<Bool> { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "elements are compared by x .< y")
  public static func < (x: Tensor, y: Scalar) -> Tensor<Bool> { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "elements are compared by x .> y")
  @_disfavoredOverload
  public static func > (x: Tensor, y: Tensor) -> Tensor<Bool> { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "elements are compared by x .> y")
  public static func > (x: Tensor, y: Scalar) -> Tensor<Bool> { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "elements are compared by x .<= y")
  @_disfavoredOverload
  public static func <= (x: Tensor, y: Tensor) -> Tensor<Bool> { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "elements are compared by x .<= y")
  public static func <= (x: Tensor, y: Scalar) -> Tensor<Bool> { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "elements are compared by x .>= y")
  @_disfavoredOverload
  public static func >= (x: Tensor, y: Tensor) -> Tensor<Bool> { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "elements are compared by x .>= y")
  public static func >= (x: Tensor, y: Scalar) -> Tensor<Bool> { trap("\(#function) is unavailable") }
}

extension Tensor where Scalar == Bool {
  @available(*, unavailable, message: "masks combine by x .& y")
  public static func && (x: Tensor, y: Tensor) -> Tensor { trap("\(#function) is unavailable") }
  @available(*, unavailable, message: "masks combine by x .| y")
  public static func || (x: Tensor, y: Tensor) -> Tensor { trap("\(#function) is unavailable") }
}
