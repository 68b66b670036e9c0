import Activations
import Foundation
import Testing

@testable import ActivationsTool

/// The lists of activations in articles, beside the descriptions.
@Suite struct ActivationListTests {
  private func article(_ name: String) throws -> String {
    try String(
      contentsOf: root.appending(path: "Sources/Activations/Activations.docc/\(name).md"), encoding: .utf8)
  }

  @Test func `every activation stands among the topics, as a function and as a value`() throws {
    let (functions, values) = (try article("Activations"), try article("ActivationType"))
    for name in BuiltIn.definitions.map(\.swiftName) {
      #expect(functions.contains("\n- ``\(name)("), "Activations.md lacks \(name)")
      #expect(
        values.contains("\n- ``\(name)``") || values.contains("\n- ``\(name)("), "ActivationType.md lacks \(name)")
    }
  }

  @Test func `every row of the measured errors is of an activation that verify knows`() throws {
    let known = Set(Variant.all.map(\.name) + LineCheck.definitions.map(\.name))
    let rows = try article("MeasuredErrors").matches(of: /\n\| (\w+) \|/).map { String($0.1) }
    #expect(rows.count > 30)
    #expect(rows.filter { !known.contains($0) } == [])
  }
}
