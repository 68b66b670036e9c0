import Activations
import ArgumentParser
import Foundation
import Tensor

struct Verify: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compares activations with exact results on every instruction set.",
    discussion: """
      Float inputs are enumerated by their bits, all 2^32 of them with --every 1, with the default parameters and others. \
      Exact results come from the C library in Double and share nothing with the kernels. Errors are in ulp: the spacing \
      of numbers at the exact result. The bounds are those shown by list: the error of a value is at most 1 ulp in Float \
      and 2 in Double, that of a slope 2 and 4; near a root of a slope, an ulp is at least that of 2^-8. The exit status is \
      1 if a bound or a rule about NaN, infinities and signs is broken.
      """)

  @Flag(help: "Compare slopes too: the pullback of ones.")
  var gradient = false

  @Flag(help: "Compare Double too, at difficult and random inputs, with results of mpmath.")
  var double = false

  @Option(parsing: .unconditional, help: "The step through the Floats; 1 takes minutes for each activation.")
  var every = 1009

  @Option(name: .customLong("isa"), help: "The instruction set to check.")
  var instructionSet: String?

  @Option(help: "A folder for finished checks, which are not repeated; with --every 1, a temporary one by default.")
  var state: String?

  @Flag(help: "Print one JSON object per line and instruction set.")
  var json = false

  @Flag(help: "Print a Markdown document.")
  var markdown = false

  @Argument(help: "The activations to check.")
  var names: [String] = []

  func validate() throws {
    guard (1...1 << 24).contains(every) else {
      throw ValidationError("--every is \(every); allowed: numbers from 1 to \(1 << 24)")
    }
    if json && markdown { throw ValidationError("--json and --markdown exclude each other") }
    _ = try kernels()
  }

  func run() throws {
    try requireKnown()
    Threads.count = 1  // the checks run in parallel instead
    let kernels = try kernels()
    let instructionSets = kernels.map(\.name)
    let checks = try checks(kernels)
    let kept = try folder.map { try SweepState(folder: $0) }
    let progress = Progress(total: checks.reduce(0) { $0 + $1.count }, printsLines: true)
    var table = AccuracyTable()
    var broken: [String] = []
    for check in checks {
      let tallies: [Tally]
      if let known = kept?.tallies(check.identifier, instructionSets) {
        progress.skip(check.count)
        tallies = known
      } else {
        progress.begin(check.identifier)
        tallies = try check.run { progress.add($0) }
        try kept?.save(check.identifier, instructionSets, tallies)
      }
      let finding = Finding(check: check, tallies: Array(zip(instructionSets, tallies)))
      if !finding.isKept { broken.append("\(check.title) \(check.direction.rawValue)") }
      progress.clear()
      if markdown { table.add(finding) } else { print((json ? finding.json : finding.lines).joined(separator: "\n")) }
      fflush(nil)
    }
    if markdown { print(table.document(every: every, instructionSets: instructionSets, command: command)) }
    if !broken.isEmpty {
      FileHandle.standardError.write(Data("beyond their bounds: \(broken.joined(separator: ", "))\n".utf8))
      throw ExitCode.failure
    }
  }

  private var command: String {
    let flags = (gradient ? ["--gradient"] : []) + (double ? ["--double"] : [])
    let set = instructionSet.map { ["--isa", $0] } ?? []
    return (["activations", "verify"] + names + flags + set + ["--every", "\(every)", "--markdown"])
      .joined(separator: " ")
  }

  private var folder: String? {
    if let state { return state }
    if every > 1 { return nil }
    return FileManager.default.temporaryDirectory.appending(path: "activations-verify-\(getuid())").path
  }

  private func checks(_ kernels: [Kernels]) throws -> [Check] {
    let fixture = double ? try DoubleFixture() : nil
    let directions: [Direction] = gradient ? [.value, .slope] : [.value]
    var checks: [Check] = []
    for variant in Variant.all where isNamed(variant.name) {
      for direction in directions {
        checks.append(.sweep(variant, direction, every: every, kernels: kernels))
        if let fixture { checks.append(try fixture.check(variant, direction, kernels: kernels)) }
      }
    }
    for check in LineCheck.all(rounds: every == 1 ? 100 : 1, kernels: kernels) where isNamed(check.activation) {
      checks.append(check)
    }
    return checks
  }

  private func isNamed(_ name: String) -> Bool { names.isEmpty || names.map(canonicalName).contains(name) }

  /// Not a part of `validate()`, which comes before unknown options are reported: the value of one would be taken for a name.
  func requireKnown() throws {
    var known: [String] = []
    for name in Variant.all.map(\.name) + LineCheck.definitions.map(\.name) where !known.contains(name) {
      known.append(name)
    }
    if let unknown = names.first(where: { !known.contains(canonicalName($0)) }) {
      throw ValidationError("there are no exact results for \(unknown); there are for \(known.joined(separator: ", "))")
    }
  }

  private func kernels() throws -> [Kernels] {
    guard let instructionSet else { return Kernels.supported }
    let found = Kernels.supported.filter { $0.name == instructionSet }
    if found.isEmpty {
      let known = Kernels.supported.map(\.name).joined(separator: ", ")
      throw ValidationError("this machine does not support the instruction set \(instructionSet); it supports \(known)")
    }
    return found
  }
}

/// The main name of an activation: silu for swish.
func canonicalName(_ name: String) -> String { (try? BuiltIn.definition(named: name).name) ?? name }
