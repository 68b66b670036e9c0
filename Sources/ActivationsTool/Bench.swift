import ArgumentParser
import Foundation
import Tensor

struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Times this package's operations: best of many runs, inputs standard normal.")

  @Flag(help: "Tensor operations.")
  var tensor = false

  @Flag(help: "One JSON object per line instead of a table.")
  var json = false

  @Option(help: "Threads; with 1 the process is pinned to one core.")
  var threads = 1

  @Argument(help: "Only these cases.")
  var names: [String] = []

  func validate() throws {
    guard threads >= 1 else { throw ValidationError("--threads is \(threads), allowed are numbers from 1 on") }
    guard tensor else { throw ValidationError("name what to time: --tensor") }
  }

  func run() throws {
    if threads == 1 { Threads.bind(toProcessor: ProcessInfo.processInfo.processorCount > 1 ? 1 : 0) }
    Threads.count = threads
    guard Threads.count == threads else {
      throw ValidationError("--threads is \(threads), BLAS takes \(Threads.count) at most")
    }
    let report = BenchReport(json: json, threads: threads)
    var generator = PhiloxGenerator(seed: 0)
    var bench = TensorBench(names: Set(names), report: report)
    bench.run(using: &generator)
    if let unknown = names.first(where: { !bench.known.contains($0) }) {
      throw ValidationError("there is no case \(unknown), but \(bench.known.sorted().joined(separator: ", "))")
    }
  }
}
