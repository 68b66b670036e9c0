import Foundation
import KerasFormat
import Layers
import Testing

/// The table of Keras's layers in the documentation.
@Suite struct LayerTableTests {
  /// Built-in layers that `keras.layers` has not.
  private static let others: Set = ["ThresholdedReLU", "LayerScale", "StochasticDepth", "CustomScaleLayer"]

  /// The names in the first two columns of each row.
  private func rows() throws -> [(keras: [String], here: [String])] {
    let file = URL(fileURLWithPath: #filePath)
      .appending(path: "../../../Sources/Layers/Layers.docc/LayersOfKeras.md").standardized
    return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|").map(String.init)
      guard line.hasPrefix("| `"), cells.count >= 2 else { return nil }
      return (
        keras: cells[0].matches(of: /`(\w+)`/).map { String($0.1) },
        here: cells[1].matches(of: /``(?:\/\w+\/)?(\w+)``/).map { String($0.1) }
      )
    }
  }

  @Test func `the table has every class of Keras once`() throws {
    let keras: [String] = try jsonFixture("layer_names")
    #expect(try rows().flatMap(\.keras).sorted() == keras)
  }

  @Test func `the table has every built-in layer beside its class, and no other class is known`() throws {
    let builtIn = Set(LayerRegistry<Float>.builtInNames)
    let rows = try rows()
    #expect(builtIn.subtracting(rows.flatMap(\.keras)) == Self.others)
    for row in rows {
      let known = row.keras.filter(builtIn.contains)
      if known.isEmpty {
        #expect(!row.here.contains(where: builtIn.contains), "\(row)")
      } else {
        #expect(row.keras == row.here, "a row of which all or none is there: \(row)")
      }
    }
  }
}
