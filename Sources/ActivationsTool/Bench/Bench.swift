import ArgumentParser
import Foundation
import Tensor

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures the time of activations, tensor operations, dense networks or files: the best of many runs.",
    discussion: """
      Without names, value and pullback of all activations are timed, in Float. A name selects one of them (relu), or one \
      direction or form (grad:relu, inplace:relu, strided:relu); the prefix double: selects Double, and memcpy measures \
      the speed of memory. Figures are nanoseconds per element of normally distributed inputs with standard deviation 3.
      """)

  @Flag(help: "Time tensor operations instead of activations.")
  var tensor = false

  @Flag(help: "Time inference and training of dense networks instead of activations, in microseconds per batch.")
  var dense = false

  @Flag(help: "Time convolutions and small networks of them instead of activations, in microseconds per batch.")
  var layers = false

  @Flag(
    help: "Time opening the digits' network, and predictions of a million samples, in memory and from file to file.")
  var files = false

  @Flag(help: "Print one JSON object per line instead of a table.")
  var json = false

  @Option(parsing: .unconditional, help: "The number of threads; with 1, the process is pinned to one core.")
  var threads = 1

  @Option(parsing: .unconditional, help: "The numbers of elements of activations' inputs, separated by commas.")
  var sizes = "1024,65536,1048576,16777216"

  @Option(help: "The forms if a name does not include one, separated by commas: plain, grad, inplace, strided.")
  var forms = "plain,grad"

  @Flag(help: "Time Double too.")
  var double = false

  @Option(parsing: .unconditional, help: "The seconds for each case.")
  var budget: Double?

  @Argument(help: "The cases; with --files, the folder of the digits.")
  var names: [String] = []

  func validate() throws {
    guard threads >= 1 else { throw ValidationError("--threads is \(threads); allowed: numbers of at least 1") }
    if let budget, !(budget >= 0 && budget <= 3600) {
      throw ValidationError("--budget is \(budget); allowed: seconds from 0 to 3600")
    }
    _ = try elementCounts()
    _ = try benchForms()
    if [tensor, dense, layers, files].count(where: \.self) > 1 {
      throw ValidationError("--tensor, --dense, --layers and --files exclude each other")
    }
    if files && (double || sizes != "1024,65536,1048576,16777216" || forms != "plain,grad" || names.count > 1) {
      throw ValidationError("--files excludes --double, --sizes and --forms, and takes at most one folder")
    }
    if (dense || layers) && (double || sizes != "1024,65536,1048576,16777216" || forms != "plain,grad") {
      throw ValidationError("--dense and --layers exclude --double, --sizes and --forms")
    }
    if dense && !names.isEmpty { throw ValidationError("--dense takes no names of cases") }
  }

  func run() throws {
    if threads == 1 { Threads.bind(toProcessor: ProcessInfo.processInfo.processorCount > 1 ? 1 : 0) }
    Threads.count = threads
    guard Threads.count == threads else {
      throw ValidationError("--threads is \(threads), BLAS supports at most \(Threads.count)")
    }
    var generator = PhiloxGenerator(seed: 0)
    if tensor {
      try timeTensors(using: &generator)
    } else if dense {
      try timeNetworks(using: &generator)
    } else if layers {
      try timeLayers(using: &generator)
    } else if files {
      let report = BenchReport(json: json, threads: threads, stopwatch: stopwatch(0.5))
      try FileBench(folder: names.first ?? "Examples/digits", report: report).run(using: &generator)
    } else {
      try timeActivations(using: &generator)
    }
  }

  private func timeNetworks(using generator: inout PhiloxGenerator) throws {
    let report = BenchReport(json: json, threads: threads, stopwatch: stopwatch(0.5))
    try DenseBench(report: report).run(using: &generator)
  }

  private func timeLayers(using generator: inout PhiloxGenerator) throws {
    var bench = LayerBench(
      names: Set(names), report: BenchReport(json: json, threads: threads, stopwatch: stopwatch(0.3)))
    try bench.run(using: &generator)
    try requireKnown(bench.known)
  }

  private func timeTensors(using generator: inout PhiloxGenerator) throws {
    let report = BenchReport(json: json, threads: threads, stopwatch: stopwatch(0.3))
    var bench = TensorBench(names: Set(names), report: report)
    bench.run(using: &generator)
    try requireKnown(bench.known)
  }

  private func requireKnown(_ known: Set<String>) throws {
    if let unknown = names.first(where: { !known.contains($0) }) {
      throw ValidationError("there is no case \(unknown); there are \(known.sorted().joined(separator: ", "))")
    }
  }

  private func timeActivations(using generator: inout PhiloxGenerator) throws {
    let sizes = try elementCounts()
    let cases = try cases()
    let table = json ? nil : BenchTable(sizes: sizes)
    let report = { (line: BenchLine) in
      if let table { table.add(line) } else { print(line.json) }
      fflush(nil)
    }
    let stopwatch = stopwatch(0.25)
    ActivationBench<Float>(sizes: sizes, threads: threads, stopwatch: stopwatch, report: report)
      .run(cases, using: &generator)
    ActivationBench<Double>(sizes: sizes, threads: threads, stopwatch: stopwatch, report: report)
      .run(cases, using: &generator)
  }

  private func stopwatch(_ seconds: Double) -> Stopwatch { Stopwatch(budget: .seconds(budget ?? seconds)) }

  private func elementCounts() throws -> [Int] {
    try sizes.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let size = Int(word), size >= 1, size <= 1 << 32 else {
        throw ValidationError(
          "--sizes contains \"\(word)\"; allowed: numbers from 1 to \(1 << 32), separated by commas")
      }
      return size
    }
  }

  private func benchForms() throws -> [BenchForm] {
    try forms.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let form = BenchForm(rawValue: String(word)) else {
        let allowed = BenchForm.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("--forms contains \"\(word)\"; allowed: \(allowed), separated by commas")
      }
      return form
    }
  }

  /// The full names of the cases to be timed. `validate()` does not look at names, as it comes before unknown options are reported.
  func cases() throws -> Set<String> {
    let forms = try benchForms()
    let known = Set(
      ActivationBench<Float>.names(BenchForm.allCases) + ActivationBench<Double>.names(BenchForm.allCases))
    func all(_ forms: [BenchForm]) -> [String] {
      ActivationBench<Float>.names(forms) + (double ? ActivationBench<Double>.names(forms) : [])
    }
    if names.isEmpty { return Set(all(forms)) }
    var result: Set<String> = []
    for name in names {
      let parts = name.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      let prefix = parts.dropLast().map { $0 + ":" }.joined()
      let found = (prefix.isEmpty ? all(forms) : Array(known)).filter { candidate in
        let words = candidate.split(separator: ":").map(String.init)
        let isAtPlace = prefix.isEmpty || words.dropLast().map { $0 + ":" }.joined() == prefix
        return isAtPlace && BenchOperation<Float>.isMeant(words.last!, by: parts.last!)
      }
      guard !found.isEmpty else {
        let operations = BenchOperation<Float>.all.map(\.name).joined(separator: ", ")
        throw ValidationError(
          "there is no case \(name); there are memcpy, \(operations), with the prefixes double: and grad:, inplace: or strided:"
        )
      }
      result.formUnion(found)
    }
    return result
  }
}
