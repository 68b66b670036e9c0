extension UInt8: NumericScalar {
  public typealias Sum = Int64
  public static var elementType: ElementType { .uint8 }
  public static var elementWitness: ElementWitness<Self> { ElementWitness(UInt8Element.self) }
}

private enum UInt8Element: IntegerElement {
  typealias Scalar = UInt8
  static var storedType: StoredType { .uint8 }
}
