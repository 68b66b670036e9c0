extension Int64: NumericScalar {
  public typealias Sum = Int64
  public static var elementType: ElementType { .int64 }
  public static var elementWitness: ElementWitness<Self> { ElementWitness(Int64Element.self) }
}

private enum Int64Element: IntegerElement {
  typealias Scalar = Int64
  static var storedType: StoredType { .int64 }
}
