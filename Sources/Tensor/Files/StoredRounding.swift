extension Tensor where Scalar: RealScalar {
  /// The nearest numbers of a floating-point type of files, ties to even, as this tensor's.
  /// - Complexity: O(*n*), and memory for the elements as that type.
  package func rounded(to type: StoredType) -> Tensor {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * type.byteCount)
    writeElements(as: type, refuse: { trap("expected \($0), found \($1)") }, { bytes.append(contentsOf: $0) })
    let result = bytes.withUnsafeBytes { memory in
      Result { () throws(NumPyFileError) in
        try Tensor(
          StoredElements(type: type, shape: shape), from: MemorySource(name: "rounded elements", bytes: memory),
          converting: true)
      }
    }
    do { return try result.get() } catch { trap("\(error)") }
  }
}
