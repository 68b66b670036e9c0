import Activations
import ArgumentParser

struct List: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the activations: formulas, parameters, derivatives, other names, error bounds.",
    discussion: """
      If a formula has several cases, the first one that applies counts. An activation along axes has a pullback instead of \
      a derivative: the gradient with respect to x, for the gradient g with respect to the result y. Error bounds are in \
      ulp, the spacing of numbers at the exact result, for any input and any parameters; verify checks them.
      """)

  @Argument(help: "The activations to list.")
  var names: [String] = []

  @Flag(help: "List only names and aliases.")
  var short = false

  @Flag(help: "As JSON.")
  var json = false

  @Flag(help: "Print a Markdown table.")
  var markdown = false

  func validate() throws {
    if [short, json, markdown].count(where: { $0 }) > 1 {
      throw ValidationError("--short, --json and --markdown exclude each other")
    }
  }

  func run() throws {
    let entries = try definitions().map { ListEntry($0) }
    if json {
      try printJSON(entries)
    } else if markdown {
      print(ListEntry.markdown(entries))
    } else {
      print(entries.map { short ? $0.names : $0.text(.output) }.joined(separator: short ? "\n" : "\n\n"))
    }
  }

  private func definitions() throws -> [any Definition] {
    if names.isEmpty { return BuiltIn.definitions }
    return try names.map { name in try explainingLayers { try BuiltIn.definition(named: name) } }
  }
}
