import Foundation
import Testing

@testable import Tensor

private let folder = Bundle.module.url(forResource: "npy", withExtension: nil, subdirectory: "Fixtures")!

private func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

private func bytes(_ name: String) -> [UInt8] {
  [UInt8](try! Data(contentsOf: folder.appendingPathComponent(name)))
}

/// The text of the error that a call throws, without the directory.
private func errorText(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    return "\(error)".replacingOccurrences(of: folder.path + "/", with: "")
  }
}

/// The bytes of a file with any header.
private func file(_ dictionary: String, data: Int = 24, version: UInt8 = 1) -> [UInt8] {
  let header = Array(dictionary.utf8)
  let length = (0..<(version == 1 ? 2 : 4)).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
  return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + header + [UInt8](repeating: 0, count: data)
}

@Suite struct NumPyErrorTests {
  @Test func texts() throws {
    #expect(
      errorText { _ = try Tensor<Float>(contentsOf: "/no/such.npy") }
        == "/no/such.npy: expected a file that can be opened for reading, found no such file or folder"
    )
    #expect(
      errorText { _ = try Tensor<Float>(contentsOf: "/tmp") } == "/tmp: expected a regular file, found a directory")
    #expect(
      errorText { _ = try Tensor<Float>(contentsOf: path("f8.npy")) }
        == "f8.npy, byte 20: expected float32 (any type with converting: true), found float64")
    #expect(
      errorText { _ = try Tensor<Int64>(contentsOf: path("u8.npy")) }
        == "u8.npy, byte 136: expected a number of at most 9223372036854775807, as int64 holds (any with converting: true), "
        + "found 18446744073709551615")
    #expect(
      errorText { _ = try Tensor<Double>(mapping: path("f4.npy")) }
        == "f4.npy, byte 20: expected float64, to be mapped, found float32")
    #expect(
      errorText { _ = try Tensor<Float>(mapping: path("f2.npy")) }
        == "f2.npy, byte 20: expected float32, to be mapped, found float16")
    #expect(
      errorText { _ = try Tensor<Float>(mapping: path("f4_swapped.npy")) }
        == "f4_swapped.npy, byte 20: expected this machine's order of bytes, to be mapped, found the other one")
    #expect(
      errorText { _ = try Tensor<Float>(mapping: path("unaligned.npy")) }
        == "unaligned.npy, byte 70: expected data at a multiple of 4 bytes, to be mapped, found data at 70")
    #expect(
      errorText { _ = try Tensor<Bool>(mapping: path("bool2.npy")) }
        == "bool2.npy, byte 130: expected Bool of 0 or 1, to be mapped, found 2")
  }

  @Test(arguments: [
    ("bad_object.npy", "byte 20", "'|O' (Python objects)"), ("bad_string.npy", "byte 20", "'<U3' (strings)"),
    ("bad_bytes.npy", "byte 20", "'|S3' (byte strings)"), ("bad_record.npy", "byte 20", "a structured type"),
    ("bad_complex.npy", "byte 20", "'<c8' (complex numbers)"), ("bad_date.npy", "byte 20", "'<M8[s]' (dates)"),
    ("bad_void.npy", "byte 20", "'|V2' (raw bytes; NumPy writes bfloat16 so, without saying that it is)"),
    ("bad_unicode_record.npy", "byte 22", "a structured type"),
  ])
  func unsupportedType(name: String, place: String, found: String) {
    #expect(
      errorText { _ = try Tensor<Float>(contentsOf: path(name), converting: true) }
        == "\(name), \(place): expected one of the types f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1, found \(found)")
  }

  @Test func tooManyAxes() {
    #expect(
      errorText { _ = try Tensor<Float>(contentsOf: path("bad_rank.npy")) }
        == "bad_rank.npy, byte 60: expected at most 32 axes, found 40")
  }

  @Test(arguments: [
    ("", "byte 10: expected a dictionary, found the end of the header"),
    ("[1]", "byte 10: expected a dictionary, found '['"),
    ("{}", "byte 12: expected the key 'descr', found the end of the dictionary"),
    ("{'descr': '<f4', 'shape': (6,)}", "byte 41: expected the key 'fortran_order', found the end of the dictionary"),
    ("{'descr': '<f4', 'fortran_order': False}", "byte 50: expected the key 'shape', found the end of the dictionary"),
    ("{'descr': '<f4', 'descr'", "byte 34: expected a colon after the key 'descr', found the end of the header"),
    (
      "{'descr': '<f4', 'descr': '<f4'",
      "byte 27: expected each of the keys 'descr', 'fortran_order' and 'shape' once, found 'descr'"
    ),
    ("{'other': 1}", "byte 11: expected each of the keys 'descr', 'fortran_order' and 'shape' once, found 'other'"),
    ("{'descr': '<f4", "byte 24: expected the end of the string, found the end of the header"),
    ("{'descr': '<f\\x34'", "byte 23: expected a printable ASCII character, found '\\'"),
    ("{'descr': 'é'", "byte 21: expected a printable ASCII character, found the byte 0xC3"),
    ("{'descr': 4}", "byte 20: expected the name of a type, found '4'"),
    ("{'descr': '<f3'}", "byte 20: expected one of the types f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1, found '<f3'"),
    ("{'descr': ''}", "byte 20: expected one of the types f2 f4 f8 i1 i2 i4 i8 u1 u2 u4 u8 b1, found ''"),
    ("{'fortran_order': 0}", "byte 28: expected True or False, found '0'"),
    ("{'shape': 6}", "byte 20: expected a tuple of lengths, found '6'"),
    ("{'shape': (6)}", "byte 22: expected a comma after the only length, found ')'"),
    ("{'shape': (,)}", "byte 21: expected a length that is not negative, found ','"),
    ("{'shape': (2 3)}", "byte 23: expected a comma or the end of the tuple, found '3'"),
    ("{'shape': (-2, 3)}", "byte 21: expected a length that is not negative, found '-'"),
    ("{'shape': (02, 3)}", "byte 21: expected a length that is not negative, found a number that begins with 0"),
    ("{'shape': (((((", "byte 21: expected a length that is not negative, found '('"),
    ("{'shape': (1.5, 3)}", "byte 22: expected a comma or the end of the tuple, found '.'"),
    (
      "{'shape': (9223372036854775808,)}",
      "byte 21: expected a length of at most 9223372036854775807, found a larger number"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (6,)} x",
      "byte 66: expected nothing but spaces after the dictionary, found 'x'"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (6,)\0}",
      "byte 64: expected a comma or the end of the dictionary, found the byte 0x00"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
      "byte 60: expected a shape that fits into memory, found [4294967296, 4294967296]"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (4611686018427387904, 0)}",
      "byte 60: expected a shape that fits into memory, found [4611686018427387904, 0]"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000,)}",
      "byte 101: expected 4000000000000 bytes of data for float32 of the shape [1000000000000], found 24"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (7,)}",
      "byte 89: expected 28 bytes of data for float32 of the shape [7], found 24"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': (5,)}",
      "byte 85: expected 20 bytes of data for float32 of the shape [5], found 24"
    ),
    (
      "{'descr': '<f4', 'fortran_order': False, 'shape': ()}",
      "byte 67: expected 4 bytes of data for float32 of the shape [], found 24"
    ),
  ])
  func damagedHeader(dictionary: String, text: String) {
    #expect(errorText { _ = try Tensor<Float>(npyBytes: file(dictionary), file: "x") } == "x, \(text)")
  }

  @Test func damagedPreamble() {
    func text(_ bytes: [UInt8]) -> String { errorText { _ = try Tensor<Float>(npyBytes: bytes, file: "x") } }
    #expect(text([]) == #"x, byte 0: expected the signature "\x93NUMPY", found the end of the file"#)
    #expect(text([0x50, 0x4B]) == #"x, byte 0: expected the signature "\x93NUMPY", found the byte 0x50"#)
    #expect(text(file("", version: 4)) == "x, byte 6: expected format version 1.0, 2.0 or 3.0, found 4.0")
    #expect(text(file("", version: 0)) == "x, byte 6: expected format version 1.0, 2.0 or 3.0, found 0.0")
    #expect(
      text(Array(file("", version: 2)[..<8]) + [255, 255, 255, 255])
        == "x, byte 8: expected a header of at most 65535 bytes, found the length 4294967295")
    #expect(
      text(Array(file("")[..<8]) + [10, 0]) == "x, byte 10: expected a header of 10 bytes, found the end of the file")
  }

  /// Every truncation of a file and every value of every byte of its header: an error or a tensor, never a crash.
  @Test func mutations() throws {
    for name in ["f4_fortran.npy", "version3.npy", "i8_swapped.npy"] {
      let original = bytes(name)
      for length in 0..<original.count {
        #expect(throws: NumPyFileError.self) {
          try Tensor<Float>(npyBytes: Array(original[..<length]), converting: true)
        }
      }
      #expect(throws: NumPyFileError.self) { try Tensor<Float>(npyBytes: original + [0], converting: true) }
      let header = try NumPyHeader(parsing: original, file: name)
      var mutated = original
      for position in 0..<header.dataOffset {
        for value in UInt8.min...UInt8.max {
          mutated[position] = value
          read(mutated, name)
        }
        mutated[position] = original[position]
      }
    }
  }

  /// Several bytes at once, inserted and removed ones too; the seed is fixed.
  @Test func randomMutations() throws {
    let originals = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().filter {
      $0.hasSuffix(".npy")
    }
    .map(bytes)
    let alphabet = Array("{}()[]'\",: 0123456789L-<>=|fiubOUVTrueFalsedescrshape\u{0}\u{7F}é".utf8) + [0x93, 0xFF]
    var state: UInt64 = 42
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    for _ in 0..<20_000 {
      var mutated = originals[next(originals.count)]
      for _ in 0...next(6) where mutated.count > 16 {
        let position = next(min(mutated.count, 130))
        switch next(3) {
        case 0: mutated[position] = alphabet[next(alphabet.count)]
        case 1: mutated.insert(alphabet[next(alphabet.count)], at: position)
        default: mutated.remove(at: position)
        }
      }
      read(mutated, "mutated")
    }
  }

  private func read(_ bytes: [UInt8], _ name: String) {
    do {
      let tensor = try Tensor<Float>(npyBytes: bytes, converting: true)
      if tensor.count > bytes.count { Issue.record("\(name): \(tensor.shape) from \(bytes.count) bytes") }
    } catch {
      if error.description.isEmpty { Issue.record("\(name): an error without a text") }
    }
  }
}
