internal import CKernels

extension Tensor: Hashable {
  /// Tensors that are equal hash alike, whatever their strides: -0 as 0.
  /// - Complexity: O(*n*); a tensor that does not lie contiguous is copied first.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(shape)
    let elements = contiguous.flattened
    let isReal = Scalar.elementKind == .real
    for start in stride(from: 0, to: elements.count, by: elementsPerPiece) {
      let count = Swift.min(elementsPerPiece, elements.count - start)
      var piece = elements.view(elements.layout.sliced(axis: 0, start: start, count: count, step: 1))
      if isReal { piece = Self.binary(ck_add, piece, .zeroValue) }  // -0 + 0 is 0
      piece.withUnsafeBufferPointer { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
    }
  }
}

private let elementsPerPiece = 32_768

extension Tensor: Codable {
  private enum CodingKeys: String, CodingKey {
    case shape, scalars
  }

  /// Reads a shape and the elements in row-major order.
  /// - Throws: `DecodingError` where the shape is none, or does not hold as many elements as there are.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let shape = try container.decode([Int].self, forKey: .shape)
    guard let expected = Layout.resolvedCount(shape), shape.count <= Self.maximumRank else {
      throw DecodingError.dataCorruptedError(
        forKey: .shape, in: container, debugDescription: "a tensor cannot have the shape \(shape)")
    }
    let scalars = try container.decode([Scalar].self, forKey: .scalars)
    guard scalars.count == expected else {
      throw DecodingError.dataCorruptedError(
        forKey: .scalars, in: container,
        debugDescription: "the shape \(shape) has \(expected) elements, but \(scalars.count) are given")
    }
    self.init(shape: shape, scalars: scalars)
  }

  /// Writes the shape and the elements in row-major order. JSON has no NaN and no infinities: to write those, set the
  /// encoder's `nonConformingFloatEncodingStrategy`.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(shape, forKey: .shape)
    try container.encode(scalars, forKey: .scalars)
  }
}
