public import Tensor

/// An HDF5 file: `.h5`, `.weights.h5`. Its contents are known before any elements are read.
///
/// ```swift
/// let file = try HDF5File("Examples/digits/digits_snn.weights.h5")
/// let kernel: Tensor<Float> = try file.tensor("layers/dense/vars/0")
/// ```
///
/// All layouts are supported (superblocks 0 to 3), with numbers, Bool and bfloat16, stored contiguously, in the header
/// or in chunks, with the filters deflate, shuffle and fletcher32. Anything else (records, texts, references, virtual
/// datasets, elements in other files, other filters, links other than hard links) causes an error that names it when it
/// is requested.
///
/// The whole file is read; memory is its size and that of the tensors. Deflated datasets are rejected if they expand to
/// more than 1032 times their stored size. Errors count bytes from HDF5's signature, which may follow a user block.
///
/// - Source: HDF5 File Format Specification, version 3.0.
public struct HDF5File: TensorFile {
  public let path: String
  public let tensors: [TensorDescription]
  let groups: [ExactName: HDF5Group]
  private let datasets: [ExactName: HDF5Dataset]
  private let bytes: HDF5Bytes

  /// - Throws: ``ModelFileError`` for a file that is not HDF5, and for a damaged one.
  public init(_ path: String) throws(ModelFileError) { try self.init(reading: FileBytes(path: path)) }

  /// - Parameter bytes: the whole file.
  /// - Parameter name: the name of the bytes in errors.
  public init(bytes: [UInt8], name: String) throws(ModelFileError) {
    try self.init(reading: FileBytes(bytes: bytes, name: name))
  }

  init<Source: ByteSource>(reading source: Source) throws(ModelFileError) where Source.Failure == ModelFileError {
    var bytes = try HDF5Bytes(reading: source)
    let superblock = try HDF5Superblock(&bytes)
    let walk = try HDF5Walk(bytes, root: superblock.root)
    self.bytes = bytes
    path = source.name
    groups = walk.groups
    datasets = walk.datasets
    tensors = walk.datasets.keys.map(\.text).sortedNaturally().map {
      walk.datasets[ExactName($0)]!.description(named: $0)
    }
  }

  public func description(of name: String) throws(ModelFileError) -> TensorDescription {
    guard let dataset = dataset(name) else { throw missing(name) }
    return dataset.description(named: name)
  }

  /// Returns the attributes of a group or a dataset; without a name, those of the whole file. Empty if there are none.
  public func attributes(of path: String = "") -> [String: HDF5Attribute] {
    group(path)?.attributes ?? dataset(path)?.attributes ?? [:]
  }

  func group(_ path: String) -> HDF5Group? { groups[ExactName(path)] }

  func dataset(_ path: String) -> HDF5Dataset? { datasets[ExactName(path)] }

  public func tensor<Scalar: TensorScalar>(
    _ name: String, as type: Scalar.Type = Scalar.self, converting: Bool = false
  ) throws(ModelFileError) -> Tensor<Scalar> {
    guard let dataset = dataset(name) else {
      throw missing(name)
    }
    guard let type = dataset.type.stored else {
      throw error(.unsupported, name, expected: "numbers", found: dataset.type.name)
    }
    guard StoredElements.byteCount(type: type, shape: dataset.shape) != nil else {
      throw error(.limit, name, expected: "lengths whose product fits", found: "\(dataset.shape)")
    }
    let elements = StoredElements(type: type, isByteSwapped: dataset.type.isByteSwapped, shape: dataset.shape)
    return try Tensor(elements, from: source(name, dataset), converting: converting)
  }

  /// Returns the elements as they are stored.
  private func source(_ name: String, _ dataset: HDF5Dataset) throws(ModelFileError) -> HDF5Elements {
    switch dataset.storage {
    case .contiguous(let range): return HDF5Elements(file: path, place: "/\(name)", bytes[range])
    case .nowhere(let fill):
      let elements = try bytes.filled(
        fill, byteCount: dataset.byteCount, name: name, limit: max(HDF5Bytes.trust, bytes.count))
      return HDF5Elements(file: path, place: "/\(name)", elements[...])
    case .chunked(let chunks):
      let elements = try bytes.assemble(chunks, name: name, shape: dataset.shape, byteCount: dataset.byteCount)
      return HDF5Elements(file: path, place: "/\(name)", elements[...])
    case .refused(let kind, let expected, let found): throw error(kind, name, expected: expected, found: found)
    }
  }

  func error(
    _ kind: ModelFileError.Kind, _ name: String, expected: String, found: String
  ) -> ModelFileError {
    ModelFileError(kind: kind, file: path, place: "/\(name)", expected: expected, found: found)
  }

  /// The error that names what was found instead of a tensor, or the contents of the nearest group.
  func missing(_ name: String) -> ModelFileError {
    var end = name.endIndex
    while end > name.startIndex {
      let slash = name[..<end].lastIndex(of: "/")
      let parent = String(name[..<(slash ?? name.startIndex)])
      if let group = group(parent) {
        let child = String(name[(slash.map(name.index(after:)) ?? name.startIndex)..<end])
        if let what = group.refused[ExactName(child)] {
          return error(.unsupported, String(name[..<end]), expected: "a group or a dataset", found: what)
        }
        let names = (group.groups + group.datasets).sortedNaturally()
        return error(
          .missing, name, expected: "a tensor of this name",
          found: "\(names.isEmpty ? "nothing" : names.listed) in /\(parent)")
      }
      end = slash ?? name.startIndex
    }
    return error(.missing, name, expected: "a tensor of this name", found: "none")
  }
}

/// The elements of a dataset.
private struct HDF5Elements: ByteSource {
  private let file: String
  private let place: String
  private let bytes: ArraySlice<UInt8>

  init(file: String, place: String, _ bytes: ArraySlice<UInt8>) {
    (self.file, self.place, self.bytes) = (file, place, bytes)
  }

  var name: String { file }
  var byteCount: Int { bytes.count }

  func read(into memory: UnsafeMutableRawBufferPointer, at offset: Int) throws(ModelFileError) {
    guard offset >= 0, offset <= bytes.count, memory.count <= bytes.count - offset else {
      throw ModelFileError(
        kind: .format, file: file, place: place, expected: "\(memory.count) bytes from byte \(offset)",
        found: "\(bytes.count) in all")
    }
    bytes.withUnsafeBytes {
      memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[offset..<offset + memory.count]))
    }
  }

  func failure(_ kind: NumPyFileError.Kind, at offset: Int?, expected: String, found: String) -> ModelFileError {
    ModelFileError(
      kind: kind == .elementType ? .elementType : .format, file: file, place: place, expected: expected, found: found)
  }
}

extension HDF5Dataset {
  fileprivate func description(named name: String) -> TensorDescription {
    TensorDescription(
      name: name, type: type.stored, typeName: type.stored?.name ?? type.name, shape: shape, byteCount: byteCount)
  }
}
