internal import CHDF5
public import Tensor

/// An HDF5 file: `.h5`, `.weights.h5`. What is in it is known before anything is read.
///
/// ```swift
/// let file = try HDF5File("Examples/digits/digits_snn.weights.h5")
/// let kernel: Tensor<Float> = try file.tensor("layers/dense/vars/0")
/// ```
///
/// The file is read whole; memory is its size and that of the tensors. Deflated datasets are refused where they stand for more
/// than 1032 times what is stored; links to other files, datasets in other files and filters other than deflate, shuffle and
/// fletcher32 are refused. Errors count bytes from HDF5's signature on, which may stand behind a user block.
///
/// The HDF5 library works for one thread at a time; tensors that are not stored in pieces are read without it.
public struct HDF5File: TensorFile {
  public let path: String
  public let tensors: [TensorDescription]
  let groups: [String: HDF5Group]
  let datasets: [String: HDF5Dataset]
  private let image: HDF5Image

  /// - Throws: ``ModelFileError`` for what is no HDF5 file, for a damaged one and for one with links elsewhere.
  public init(_ path: String) throws(ModelFileError) { try self.init(FileBytes(path: path)) }

  /// - Parameter bytes: the whole file.
  /// - Parameter name: what errors call the bytes.
  public init(bytes: [UInt8], name: String) throws(ModelFileError) {
    try self.init(FileBytes(bytes: bytes, name: name))
  }

  init(_ source: FileBytes) throws(ModelFileError) { try self.init(HDF5Image(source)) }

  init(_ image: HDF5Image) throws(ModelFileError) {
    let isChecked = try image.check()
    self.image = image
    path = image.name
    let walk = try HDF5Walk(image, isChecked: isChecked)
    groups = walk.groups
    datasets = walk.datasets
    tensors = walk.datasets.keys.sortedNaturally().map { walk.datasets[$0]!.description(named: $0) }
  }

  public func description(of name: String) throws(ModelFileError) -> TensorDescription {
    guard let dataset = datasets[name] else { throw missing(name) }
    return dataset.description(named: name)
  }

  /// What stands beside a group or a dataset; of the whole file without a name. Empty where there is neither.
  public func attributes(of path: String = "") -> [String: HDF5Attribute] {
    groups[path]?.attributes ?? datasets[path]?.attributes ?? [:]
  }

  public func tensor<Scalar: TensorScalar>(
    _ name: String, as type: Scalar.Type = Scalar.self, converting: Bool = false
  ) throws(ModelFileError) -> Tensor<Scalar> {
    guard let dataset = datasets[name] else {
      throw missing(name)
    }
    guard let type = dataset.type.stored else {
      throw error(.unsupported, name, expected: "numbers", found: dataset.type.name)
    }
    let elements = StoredElements(type: type, isByteSwapped: dataset.type.isByteSwapped, shape: dataset.shape)
    return try Tensor(elements, from: source(name, dataset), converting: converting)
  }

  /// The elements as they are stored.
  private func source(_ name: String, _ dataset: HDF5Dataset) throws(ModelFileError) -> HDF5Elements {
    switch dataset.place {
    case .contiguous(let offset):
      let range = offset..<offset + dataset.byteCount
      return HDF5Elements(
        file: path, place: "/\(name)", bytes: UnsafeRawBufferPointer(rebasing: image.bytes[range]), owner: image)
    case .nowhere:
      return HDF5Elements(file: path, place: "/\(name)", owner: HDF5Memory(byteCount: dataset.byteCount))
    case .compact:
      return HDF5Elements(file: path, place: "/\(name)", owner: try compact(name, dataset))
    case .chunked(let chunks):
      return HDF5Elements(
        file: path, place: "/\(name)", owner: try image.assemble(chunks, name: name, shape: dataset.shape, dataset.type)
      )
    case .refused(let kind, let expected, let found):
      throw error(kind, name, expected: expected, found: found)
    }
  }

  private func compact(_ name: String, _ dataset: HDF5Dataset) throws(ModelFileError) -> HDF5Memory {
    let memory = HDF5Memory(byteCount: dataset.byteCount)
    if dataset.byteCount == 0 { return memory }
    try image.open { file throws(ModelFileError) in
      let failure = { error(.format, name, expected: "elements", found: "what the HDF5 library cannot read") }
      let object = try HDF5Handle(H5Dopen2(file.id, name, 0), H5Dclose, failure)
      let type = try HDF5Handle(H5Dget_type(object.id), H5Tclose, failure)
      let status = H5Dread(object.id, type.id, hid_t(H5S_ALL), hid_t(H5S_ALL), 0, memory.bytes.baseAddress)
      guard status >= 0 else { throw failure() }
    }
    return memory
  }

  func error(
    _ kind: ModelFileError.Kind, _ name: String, expected: String, found: String
  ) -> ModelFileError {
    ModelFileError(kind: kind, file: path, place: "/\(name)", expected: expected, found: found)
  }

  /// Names what the nearest group has instead.
  func missing(_ name: String) -> ModelFileError {
    var parent = name
    while !parent.isEmpty {
      parent = parent.lastIndex(of: "/").map { String(parent[..<$0]) } ?? ""
      if let group = groups[parent] {
        let names = (group.groups + group.datasets).sortedNaturally()
        let list =
          names.isEmpty ? "nothing" : names.prefix(20).joined(separator: ", ") + (names.count > 20 ? ", …" : "")
        return error(.missing, name, expected: "a tensor of this name", found: "\(list) in /\(parent)")
      }
    }
    return error(.missing, name, expected: "a tensor of this name", found: "none")
  }
}

/// Memory for elements, freed when nobody holds it.
final class HDF5Memory: @unchecked Sendable {
  let bytes: UnsafeMutableRawBufferPointer

  /// Zeros.
  init(byteCount: Int) {
    bytes = .allocate(byteCount: byteCount, alignment: 64)
    bytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { bytes.deallocate() }
}

/// A dataset's elements, in the file's memory or in their own.
struct HDF5Elements: ByteSource {
  private let file: String
  private let place: String
  private let bytes: UnsafeRawBufferPointer
  private let owner: AnyObject

  init(file: String, place: String, bytes: UnsafeRawBufferPointer, owner: AnyObject) {
    (self.file, self.place, self.bytes, self.owner) = (file, place, bytes, owner)
  }

  init(file: String, place: String, owner: HDF5Memory) {
    self.init(file: file, place: place, bytes: UnsafeRawBufferPointer(owner.bytes), owner: owner)
  }

  var name: String { file }
  var byteCount: Int { bytes.count }

  func read(into memory: UnsafeMutableRawBufferPointer, at offset: Int) throws(ModelFileError) {
    guard offset >= 0, offset <= bytes.count, memory.count <= bytes.count - offset else {
      throw ModelFileError(
        kind: .format, file: file, place: place, expected: "\(memory.count) bytes from byte \(offset) on",
        found: "\(bytes.count) in all")
    }
    if memory.isEmpty { return }
    withExtendedLifetime(owner) {
      memory.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + memory.count]))
    }
  }

  func failure(_ kind: NumPyFileError.Kind, at offset: Int?, expected: String, found: String) -> ModelFileError {
    ModelFileError(
      kind: kind == .elementType ? .elementType : .format, file: file, place: place, expected: expected, found: found)
  }
}

extension Sequence<String> {
  /// Numbers in names are compared as numbers: vars/2 comes before vars/10.
  func sortedNaturally() -> [String] {
    map { (key: NaturalKey($0), name: $0) }.sorted { $0.key < $1.key }.map(\.name)
  }
}

private struct NaturalKey: Comparable {
  private struct Part: Comparable {
    let text: Substring
    let number: Int

    static func < (left: Part, right: Part) -> Bool {
      left.text == right.text ? left.number < right.number : left.text < right.text
    }
  }

  private let parts: [Part]

  init(_ name: String) {
    parts = name.split(separator: "/").map { part in
      let digits = part.utf8.reversed().prefix { UInt8(ascii: "0") <= $0 && $0 <= UInt8(ascii: "9") }.count
      return Part(text: part.dropLast(digits), number: Int(part.suffix(digits)) ?? -1)
    }
  }

  static func < (left: NaturalKey, right: NaturalKey) -> Bool {
    left.parts.lexicographicallyPrecedes(right.parts)
  }
}

extension HDF5Dataset {
  fileprivate func description(named name: String) -> TensorDescription {
    TensorDescription(
      name: name, type: type.stored, typeName: type.stored?.name ?? type.name, shape: shape, byteCount: byteCount)
  }
}
