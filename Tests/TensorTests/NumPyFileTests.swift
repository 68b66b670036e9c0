import Foundation
import TestSupport
import Testing

@testable import Tensor

private let folder = Bundle.module.url(forResource: "npy", withExtension: nil, subdirectory: "Fixtures")!

private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

private func bytes(_ name: String) -> [UInt8] {
  [UInt8](try! Data(contentsOf: folder.appendingPathComponent(name)))
}

/// What `make_npy.py` says about a file.
private struct Entry: Decodable, CustomTestStringConvertible {
  let file: String
  let type: String
  let shape: [Int]
  let swapped: Bool
  let fortran: Bool
  let version: Int
  let values: [String]
  let saved: Bool

  var testDescription: String { file }

  static let all = try! JSONDecoder().decode(
    [Entry].self, from: Data(contentsOf: folder.appendingPathComponent("manifest.json")))
}

private func isSame<Real: RealScalar>(_ x: Real, _ y: Real) -> Bool { x == y && x.sign == y.sign || x.isNaN && y.isNaN }

/// The bytes of a file with any header.
private func file(_ dictionary: String, data: Int = 24, version: UInt8 = 1) -> [UInt8] {
  let header = Array(dictionary.utf8)
  let length = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
  return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + header + [UInt8](repeating: 0, count: data)
}

@Suite(.temporaryFolder) struct NumPyFileTests {
  @Test(arguments: Entry.all) fileprivate func header(_ entry: Entry) throws {
    let header = try NumPyFile.header(path(entry.file))
    #expect(header.type.name == entry.type)
    #expect(header.shape == entry.shape)
    #expect(header.isByteSwapped == entry.swapped)
    #expect(header.isFortranOrder == entry.fortran)
    #expect(header.version == entry.version)
  }

  /// Every file is read as each type that holds its elements, from the disk and from memory.
  @Test(arguments: Entry.all) fileprivate func reading(_ entry: Entry) throws {
    try check(entry, { Float($0)! }, ["float16", "float32"], isSame)
    try check(entry, { Double($0)! }, ["float16", "float64"], isSame)
    try check(entry, { Int32($0)! }, ["int8", "int16", "uint16", "int32"], ==)
    let integers = ["int8", "int16", "uint16", "uint32", "int64"]
    try check(entry, { Int64($0)! }, entry.file == "u8_fitting.npy" ? ["uint64"] : integers, ==)
    try check(entry, { UInt8($0)! }, ["uint8"], ==)
    try check(entry, { $0 == "1" }, ["bool"], ==)
  }

  private func check<Scalar: TensorScalar>(
    _ entry: Entry, _ parse: (String) -> Scalar, _ types: [String], _ isEqual: @escaping (Scalar, Scalar) -> Bool
  ) throws {
    guard types.contains(entry.type) else {
      #expect(throws: NumPyFileError.self) { try Tensor<Scalar>(contentsOf: path(entry.file)) }
      let converted = try Tensor<Scalar>(contentsOf: path(entry.file), converting: true)
      #expect(converted.shape == entry.shape)
      return
    }
    let expected = entry.values.map(parse)
    for tensor in try [
      Tensor<Scalar>(contentsOf: path(entry.file)), Tensor<Scalar>(npyBytes: bytes(entry.file)),
      Tensor<Scalar>(contentsOf: path(entry.file), converting: true),
    ] {
      #expect(tensor.shape == entry.shape)
      #expect(tensor.scalars.elementsEqual(expected, by: isEqual))
      #expect(tensor.transposed.isContiguous || !entry.fortran)
    }
    guard Scalar.elementType.name == entry.type else { return }
    let tensor = try Tensor<Scalar>(contentsOf: path(entry.file))
    if entry.saved { #expect(tensor.npyBytes == bytes(entry.file)) }
    if entry.swapped || entry.file == "unaligned.npy" {
      #expect(throws: NumPyFileError.self) { try Tensor<Scalar>(mapping: path(entry.file)) }
    } else {
      let mapped = try Tensor<Scalar>(mapping: path(entry.file))
      #expect(mapped.scalars.elementsEqual(expected, by: isEqual))
      #expect(mapped.layout == tensor.layout)
    }
  }

  @Test func conversions() throws {
    let integers = try Tensor<Double>(contentsOf: path("i8.npy"), converting: true)
    #expect(integers.scalars == (try Tensor<Int64>(contentsOf: path("i8.npy"))).scalars.map { Double($0) })
    let unsigned = try Tensor<Float>(contentsOf: path("u8.npy"), converting: true)
    #expect(unsigned[at: 0, 1] == Float(UInt64.max))
    #expect(try Tensor<Double>(contentsOf: path("u8.npy"), converting: true)[at: 0, 2] == Double(UInt64.max / 2))
    #expect(try Tensor<Int64>(contentsOf: path("u8.npy"), converting: true)[at: 0, 1] == .max)
    #expect(
      try Tensor<Bool>(contentsOf: path("u8.npy"), converting: true).scalars[0..<4] == [false, true, true, false])
    #expect(try Tensor<Float>(contentsOf: path("u4_swapped.npy"), converting: true)[at: 2, 1] == 8)
    #expect(try Tensor<Int32>(contentsOf: path("f2.npy"), converting: true).scalars.suffix(3) == [1, -2, Int32.max])
    #expect(try Tensor<Float>(contentsOf: path("b1.npy"), converting: true).scalars[0..<4] == [1, 0, 0, 1])
    // A Bool that is neither 0 nor 1 counts as true.
    #expect(try Tensor<Bool>(contentsOf: path("bool2.npy")).scalars == [false, true, true])
  }

  /// Every type of integers in files, read as every type of tensors: numbers that a type does not hold become its ends.
  @Test func `integers beyond a type are converted to its smallest or largest`() throws {
    func check<Source: FixedWidthInteger, Target: NumericScalar & FixedWidthInteger>(
      _ source: Source.Type, _ name: String, _ target: Target.Type
    ) throws {
      let elements: [Source] = [.min, .min + 1, .max / 2 + 1, .max - 1, .max, 0, 1, 100]
      let dictionary = "{'descr': '\(name)', 'fortran_order': False, 'shape': (8,), }                 \n"
      let bytes = file(dictionary, data: 0) + elements.flatMap { element in withUnsafeBytes(of: element, Array.init) }
      let read = try Tensor<Target>(npyBytes: bytes, converting: true).scalars
      #expect(read == elements.map { Target(clamping: $0) }, "\(name) as \(Target.elementType.name)")
      let truth = try Tensor<Bool>(npyBytes: bytes, converting: true).scalars
      #expect(truth == elements.map { $0 != 0 }, "\(name) as bool")
    }
    func check<Target: NumericScalar & FixedWidthInteger>(to target: Target.Type) throws {
      try check(Int8.self, "|i1", target)
      try check(Int16.self, "<i2", target)
      try check(Int32.self, "<i4", target)
      try check(Int64.self, "<i8", target)
      try check(UInt8.self, "|u1", target)
      try check(UInt16.self, "<u2", target)
      try check(UInt32.self, "<u4", target)
      try check(UInt64.self, "<u8", target)
    }
    try check(to: Int32.self)
    try check(to: Int64.self)
    try check(to: UInt8.self)
  }

  /// Every half-precision number.
  @Test func halves() throws {
    let halves = (0...UInt16.max).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let head = file("{'descr': '<f2', 'fortran_order': False, 'shape': (65536,)}", data: 0)
    let tensor = try Tensor<Float>(npyBytes: head + halves)
    let wrong = tensor.scalars.enumerated().filter { bits, value in
      let sign: Float = bits < 0x8000 ? 1 : -1
      let exponent = bits >> 10 & 0x1F
      let fraction = Float(bits & 0x3FF) / 1024
      switch exponent {
      case 0: return value != sign * fraction * 0x1p-14 || value.sign != sign.sign
      case 31: return fraction == 0 ? value != sign * .infinity : !value.isNaN
      default: return value != sign * (1 + fraction) * Float(sign: .plus, exponent: exponent - 15, significand: 1)
      }
    }
    #expect(wrong.isEmpty)
  }

  // MARK: Writing

  /// Any strides come back as the same elements; large ones go out in pieces.
  @Test(arguments: [[3, 4, 5], [1, 7], [70_000], [3, 40_000], [300, 2, 100], [40_000, 3], [2, 0, 3], []])
  func strides(shape: [Int]) throws {
    let directory = temporaryFolder()
    let count = shape.reduce(1, *)
    let base = Tensor<Int32>(shape: shape, scalars: (0..<count).map { Int32(truncatingIfNeeded: $0) })
    var views = [base, base.transposed, base.flipped(), base.transposed.flipped()]
    if let length = shape.first, length > 1 { views += [base[1...], base.flipped(axis: 0), base.expanded(axis: 0)] }
    views.append(base.broadcast(to: [2] + shape))
    if shape.count == 3 { views.append(base.permuted([1, 0, 2])) }
    for view in views {
      for order in [nil, true, false] as [Bool?] {
        let path = directory + "/x.npy"
        try view.write(to: path, fortranOrder: order)
        let read = try Tensor<Int32>(contentsOf: path)
        #expect(read.shape == view.shape)
        #expect(read.scalars == view.scalars)
        #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) == view.npyBytes(fortranOrder: order))
        if let order { #expect(try NumPyFile.header(path).isFortranOrder == order) }
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == ["x.npy"])
  }

  @Test func converting() throws {
    // More than one piece, both orders of bytes.
    let values = (0..<100_000).map { Int64($0) * 7919 - 300_000_000 }
    for isSwapped in [false, true] {
      let head = file("{'descr': '\(isSwapped ? ">" : "<")i8', 'fortran_order': False, 'shape': (2, 50000)}", data: 0)
      let data = values.flatMap { value in withUnsafeBytes(of: isSwapped ? value.bigEndian : value) { Array($0) } }
      #expect(try Tensor<Int64>(npyBytes: head + data).scalars == values)
      #expect(try Tensor<Float>(npyBytes: head + data, converting: true).scalars == values.map { Float($0) })
    }
  }

  @Test func replacing() throws {
    let directory = temporaryFolder()
    let target = directory + "/target.npy"
    let link = directory + "/link.npy"
    try Tensor<Float>([1]).write(to: target)
    try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: target)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    try Tensor<Float>([2, 3]).write(to: link)
    #expect(try Tensor<Float>(contentsOf: target).scalars == [2, 3])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
    let attributes = try FileManager.default.attributesOfItem(atPath: target)
    #expect(attributes[.posixPermissions] as? Int == 0o640)
    try Tensor<Float>([1]).write(to: "/dev/null")
    #expect(throws: NumPyFileError.self) { try Tensor<Float>([1]).write(to: directory) }
    #expect(throws: NumPyFileError.self) { try Tensor<Float>([1]).write(to: directory + "/missing/x.npy") }
  }

  @Test func mapping() throws {
    let directory = temporaryFolder()
    let path = directory + "/x.npy"
    let original = Tensor<Float>(shape: [100, 50], scalars: (0..<5000).map(Float.init))
    try original.transposed.write(to: path)
    var mapped = try Tensor<Float>(mapping: path)
    #expect(mapped.shape == [50, 100])
    #expect(mapped.transposed.isContiguous)
    #expect(mapped.scalars == original.transposed.scalars)
    let view = mapped[1..., 3]
    mapped[at: 1, 3] = -1
    mapped += 1
    #expect(view[at: 0] == 151)
    #expect(mapped[at: 1, 3] == 0)
    #expect((try Tensor<Float>(mapping: path) + 1).scalars == (original.transposed + 1).scalars)
    #expect(try Tensor<Float>(contentsOf: path).scalars == original.transposed.scalars)
    // The file may be replaced or deleted while it is mapped.
    try Tensor<Float>([5]).write(to: path)
    try FileManager.default.removeItem(atPath: path)
    #expect(view.scalars.last == 199)
  }

  /// 64 GB that are nowhere: a file with a hole.
  @Test func mappingMoreThanMemory() throws {
    let directory = temporaryFolder()
    let path = directory + "/x.npy"
    let length = 1 << 34
    let header = NumPyHeader.encoded(type: .float32, fortranOrder: false, shape: [length / 1024, 1024])
    try Data(header).write(to: URL(fileURLWithPath: path))
    let handle = try #require(FileHandle(forUpdatingAtPath: path))
    try handle.truncate(atOffset: UInt64(header.count + 4 * length))
    try handle.seek(toOffset: UInt64(header.count + 4 * (length - 1)))
    try handle.write(contentsOf: [0, 0, 0x80, 0x3F])
    try handle.close()
    let x = try Tensor<Float>(mapping: path)
    #expect(x.shape == [length / 1024, 1024])
    #expect(x[at: -1, -1] == 1)
    #expect("\(x)".hasSuffix(" [0. 0. 0. ... 0. 0. 1.]]"))
    #expect(x[(-2)...].sum().scalar == 1)
  }
}
