import Testing

@testable import KerasFormat
@testable import Layers

@Suite struct JSONTests {
  @Test func `whole numbers and others stay what they are`() throws {
    let text = #"{"a": 1, "b": 1.0, "c": [true, false, null], "d": 1e-07, "e": -0.0, "f": "\"\\\n\t\u0001 é"}"#
    let value = try Configuration(json: text)
    #expect(value.json == text)
    guard case .integer = value["a"], case .number = value["b"] else {
      Issue.record("\(value)")
      return
    }
    #expect(try Configuration(json: value.json) == value)
  }

  @Test func `numbers that no integer holds are floating-point`() throws {
    #expect(try Configuration(json: "[9223372036854775807, 9223372036854775808]") == [.integer(.max), .number(0x1p63)])
    #expect(try Configuration(json: "[-9223372036854775808, 1e300]") == [.integer(.min), 1e300])
  }

  @Test func `Python's infinities and NaN are read and written`() throws {
    let text = "[Infinity, -Infinity, NaN, 1]"
    let value = try Configuration(json: text)
    #expect(value.json == "[Infinity, -Infinity, NaN, 1]")
    #expect(value.asList?[1] == .number(-.infinity) && value.asList?[2].asNumber?.isNaN == true)
  }

  @Test func `names of such numbers stay what they are in strings, and are refused elsewhere`() throws {
    let value = try Configuration(json: #"{"a\"NaN": "NaN", "b\\": [NaN], "-Infinity": -Infinity}"#)
    #expect(value["a\"NaN"] == "NaN")
    #expect(value["b\\"]?.asList?[0].asNumber?.isNaN == true)
    #expect(value["-Infinity"] == .number(-.infinity))
    for text in ["[NaN5]", "[1NaN]", "{NaN: 1}", "[-NaN]", "[NaN", "NaNNaN"] {
      #expect(throws: ConfigurationError.self) { try Configuration(json: text) }
    }
    let damaged = Array("{".utf8) + [UInt8](repeating: 0xFF, count: 8) + Array("\"config\": Infinity}".utf8)
    #expect(throws: ConfigurationError.self) { try Configuration(json: damaged) }
  }

  @Test func `characters and escapes are those of UTF-8 and UTF-16`() throws {
    #expect(
      try Configuration(json: #""\u0041\u00e9\u20ac\ud83d\ude00\/\b\f\n\r\t\"\\""#) == "Aé€😀/\u{8}\u{C}\n\r\t\"\\")
    #expect(try Configuration(json: "\"é€😀\u{7F}\"") == "é€😀\u{7F}")
    #expect(try Configuration(json: [0xEF, 0xBB, 0xBF] + Array("{\"a\": 1, \"a\": 2}".utf8)) == ["a": 2])
  }

  @Test(
    arguments: [
      ("[1,\n 2,,3]", "no value at line 2, column 4"),
      ("[1 2]", "neither a comma nor the end of a list at line 1, column 4"),
      ("{\"a\" 1}", "no colon after a key at line 1, column 6"), ("{a: 1}", "no key at line 1, column 2"),
      ("{\"a\": 1", "the text ends: neither a comma nor the end of an object at line 1, column 8"),
      ("[1] 2", "more after the value at line 1, column 5"), ("\"a", "a string without end at line 1, column 1"),
      ("\"\\x\"", "an unknown escape at line 1, column 2"),
      ("\"\\u12\"", "no four hexadecimal digits at line 1, column 2"),
      ("\"\\udc00\"", "half of a character at line 1, column 2"), ("[\"\n\"]", "a control character in a string at "),
      ("01", "no number at line 1, column 1"), ("[1.]", "no digits after the point at line 1, column 4"),
      ("[1e]", "no digits in the exponent at line 1, column 4"), ("[-]", "no number at line 1, column 3"),
      ("1e999", "a number beyond those of 64 bits at line 1, column 1"), ("", "the text ends: no value at "),
    ])
  func `what is no JSON is named with its place`(_ text: String, _ reason: String) {
    let error = #expect(throws: ConfigurationError.self) { try Configuration(json: text) }
    #expect(error?.description.hasPrefix("expected JSON: \(reason)") == true, "\(error?.description ?? "")")
  }

  @Test func `a single value is JSON too`() throws {
    #expect(try Configuration(json: "\"a\"") == "a")
    #expect(try Configuration(json: " 3 ") == 3)
  }

  @Test(
    arguments: [
      [], Array("{".utf8), Array("[1, 2".utf8), Array("{\"a\" 1}".utf8), Array("nul".utf8), [0x22, 0xFF, 0x22],
      Array("[\"\\ud800\"]".utf8), Array("1e999".utf8), Array("NaN]".utf8), Array("[1] 2".utf8),
      Array(String(repeating: "[", count: 100_000).utf8),
      Array((String(repeating: "[", count: 600) + String(repeating: "]", count: 600)).utf8),
    ] as [[UInt8]])
  func `what is no JSON throws`(_ bytes: [UInt8]) {
    let error = #expect(throws: ConfigurationError.self) { try Configuration(json: bytes) }
    #expect(error?.description.hasPrefix("expected JSON: ") == true)
  }
}
