import Activations
import Foundation
import TestSupport
import Testing

@testable import ActivationsTool

@Suite(.temporaryFolder) struct ListTests {
  private struct Entry: Decodable {
    struct Parameter: Decodable {
      let name: String
      let aliases: [String]
      let required: Bool
      let `default`: Configuration?
      let range: String
    }
    let name: String
    let aliases: [String]
    let elementwise: Bool
    let parameters: [Parameter]
    let formula: [String]
    let derivative: [String]?
    let pullback: [String]?
  }

  @Test func `every activation is listed with formula and derivative`() throws {
    let run = try runTool(["list", "--json"])
    #expect(run.status == 0 && run.errors.isEmpty)
    let entries = try JSONDecoder().decode([Entry].self, from: run.output)
    #expect(entries.map(\.name) == Activation<Float>.catalog.map(\.name))
    for entry in entries {
      #expect(!entry.formula.isEmpty && entry.elementwise == (entry.derivative != nil))
      #expect((entry.derivative ?? entry.pullback)?.isEmpty == false, "\(entry.name)")
      // What is listed is understood: each name, each spelling of each parameter with its default.
      for name in [entry.name] + entry.aliases {
        let required = entry.parameters.filter(\.required).map { ($0.name, Configuration.number(1)) }
        for parameter in entry.parameters {
          for spelling in [parameter.name] + parameter.aliases where !parameter.required {
            let value = try #require(parameter.default ?? Optional(.null))
            let parameters = [spelling: value].merging(required) { $1 }
            let activation = try Activation<Float>(named: name, parameters: parameters)
            #expect(activation.name == entry.name)
          }
        }
      }
    }
  }

  @Test func `details are lines for people`() throws {
    let elu = ListEntry(try BuiltIn.definition(named: "elu"))
    #expect(
      elu.text(.plain) == """
        elu
          parameters  alpha = 1: finite numbers
          value       x for x > 0
                      alpha (eˣ - 1) otherwise
          derivative  1 for x > 0
                      alpha eˣ otherwise
          error       at most 1 ulp in Float, 2 in Double; derivative 2 and 4
        """)
    let threshold = ListEntry(try BuiltIn.definition(named: "threshold")).text(.plain)
    #expect(threshold.contains("default_value (also value): finite numbers, required"))
    #expect(threshold.hasSuffix("error       exact"))
    #expect(ListEntry(try BuiltIn.definition(named: "swish")).text(.plain).hasPrefix("silu\n  also        swish\n"))
    #expect(elu.text(TextStyle(isColoured: true)).hasPrefix("\u{1B}[1melu\u{1B}[0m\n"))
  }

  @Test func `the table in Markdown escapes bars`() throws {
    let lines = ListEntry.markdown([ListEntry(try BuiltIn.definition(named: "softsign"))]).split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[2].hasPrefix(#"| `softsign` |  | x / (1 + \|x\|) | 1 / (1 + \|x\|)² |"#))
  }

  @Test func `colours are for terminals that show them`() {
    #expect(TextStyle(isTerminal: true, environment: [:]).isColoured)
    #expect(TextStyle(isTerminal: true, environment: ["NO_COLOR": ""]).isColoured)
    #expect(!TextStyle(isTerminal: true, environment: ["NO_COLOR": "1"]).isColoured)
    #expect(!TextStyle(isTerminal: true, environment: ["TERM": "dumb"]).isColoured)
    #expect(!TextStyle(isTerminal: false, environment: [:]).isColoured)
  }

  @Test func `output that is no terminal has no colours`() throws {
    let run = try runTool(["list", "--short"])
    #expect(!run.text.contains("\u{1B}"))
    #expect(run.text.split(separator: "\n").count == Activation<Float>.catalog.count)
  }
}
