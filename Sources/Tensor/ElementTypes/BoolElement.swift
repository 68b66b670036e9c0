extension Bool: TensorScalar {
  public typealias Sum = Int64
  public static var elementType: ElementType { .bool }
  public static var elementWitness: ElementWitness<Self> { ElementWitness(BoolElement.self) }
  public static var zeroValue: Bool { false }
  public static var oneValue: Bool { true }
}

private enum BoolElement: Element {
  static var storedType: StoredType { .bool }
  static var kind: ElementKind { .bool }
  static func text(_ element: Bool) -> String { element ? "True" : "False" }
  /// As wide as False, even where there is none.
  static func columnTexts(_ elements: [Bool], precision: Int) -> [String] { elements.map { $0 ? " True" : "False" } }
  static func write(_ elements: UnsafeBufferPointer<Bool>, as: StoredType, to: UnsafeMutableRawPointer) -> String? {
    preconditionFailure("tensors of Bool are written as they are")
  }
}
