import Foundation
import TestSupport
import Testing

@testable import Tensor

/// What `make_printing.py` made: an array and NumPy's text of it.
private struct Case: Decodable, CustomTestStringConvertible {
  struct Options: Decodable {
    var precision: Int?
    var threshold: Int?
    var edgeitems: Int?
    var linewidth: Int?
    var isEmpty: Bool { precision == nil && threshold == nil && edgeitems == nil && linewidth == nil }
  }

  let type: String
  let shape: [Int]
  let text: String
  let options: Options
  let start: Double?
  let step: Double?
  let values: [String]?

  var testDescription: String { "\(type) \(shape) \(values?.prefix(4) ?? [])" }

  static let all = try! JSONDecoder().decode(
    [Case].self,
    from: Data(contentsOf: Bundle.module.url(forResource: "printing", withExtension: "json", subdirectory: "Fixtures")!)
  )

  func printed<Scalar: TensorScalar>(_ parse: (String) -> Scalar, _ convert: (Double) -> Scalar) -> String {
    let count = shape.reduce(1, *)
    let scalars = values?.map(parse) ?? (0..<count).map { convert(start! + Double($0) * step!) }
    let tensor = Tensor(shape: shape, scalars: scalars)
    if options.isEmpty { return tensor.description }
    return tensor.formatted(
      precision: options.precision ?? 8, threshold: options.threshold ?? 1000, edgeItems: options.edgeitems ?? 3,
      lineWidth: options.linewidth ?? 75)
  }
}

@Suite struct PrintingTests {
  @Test func asNumPyPrints() throws {
    #expect(Case.all.count > 300)
    for entry in Case.all {
      let printed =
        switch entry.type {
        case "float32": entry.printed({ Float($0)! }, { Float($0) })
        case "float64": entry.printed({ Double($0)! }, { $0 })
        case "int32": entry.printed({ Int32($0)! }, { Int32($0) })
        case "int64": entry.printed({ Int64($0)! }, { Int64($0) })
        case "uint8": entry.printed({ UInt8($0)! }, { UInt8($0) })
        default: entry.printed({ $0 == "1" }, { $0 != 0 })
        }
      #expect(printed == entry.text, "\(entry.testDescription)")
    }
  }

  /// What is printed are the elements of the view, not those of the storage.
  @Test func views() {
    let x = Tensor<Float>(shape: [2, 3], scalars: [1, 2, 3, 4, 5, 6])
    #expect("\(x.transposed)" == "[[1. 4.]\n [2. 5.]\n [3. 6.]]")
    #expect("\(x.flipped(axis: 1)[0...])" == "[[3. 2. 1.]\n [6. 5. 4.]]")
    #expect("\(x[1, 1...])" == "[5. 6.]")
    #expect("\(Tensor<Int32>(7).broadcast(to: [2, 2]))" == "[[7 7]\n [7 7]]")
    // A large broadcast is summarised without being made.
    #expect("\(Tensor<Bool>(true).broadcast(to: [1 << 30, 1 << 20]))".hasPrefix("[[ True  True  True ...  True"))
  }

  @Test func debugDescriptions() {
    #expect(String(reflecting: Tensor<Float>([1, 2.5])) == "Tensor<Float> [2]\n[1.  2.5]")
    #expect(String(reflecting: Tensor<Int64>(3)) == "Tensor<Int64> []\n3")
    #expect(String(reflecting: Tensor<Bool>.zeros([0, 3])) == "Tensor<Bool> [0, 3]\n[]")
  }

  @Test func wrongParameters() async {
    await expectMessage(
      "a precision of -1 digits: it cannot be negative",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>([1]).formatted(precision: -1)
      })
    await expectMessage(
      "0 edge items: there must be at least one",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>([1]).formatted(edgeItems: 0)
      })
  }
}
