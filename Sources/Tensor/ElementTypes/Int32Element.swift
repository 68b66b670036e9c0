extension Int32: NumericScalar {
  public typealias Sum = Int64
  public static var elementType: ElementType { .int32 }
  public static var elementWitness: ElementWitness<Self> { ElementWitness(Int32Element.self) }
}

private enum Int32Element: IntegerElement {
  typealias Scalar = Int32
  static var storedType: StoredType { .int32 }
}
