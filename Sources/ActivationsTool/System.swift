import ArgumentParser
import Foundation
import ModelFiles
import Tensor

struct System: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows the hardware and libraries used for computation and files.")

  @Flag(help: "As JSON.")
  var json = false

  func run() throws {
    let report = SystemReport(environment: ProcessInfo.processInfo.environment)
    if json { try printJSON(report) } else { print(report.lines.joined(separator: "\n")) }
  }
}

/// The hardware and libraries used for computation.
struct SystemReport: Encodable {
  let instructionSet = ComputeEnvironment.instructionSet
  let instructionSets = ComputeEnvironment.instructionSets
  let blas = ComputeEnvironment.blasConfiguration
  let blasCore = ComputeEnvironment.blasCore
  let blasThreads = ComputeEnvironment.blasThreads
  let threads = Threads.count
  let processors = ProcessInfo.processInfo.processorCount
  let zip = FileLibraries.zip
  let png = PNGDecoder.libraryVersion
  let warnings: [String]

  private enum CodingKeys: String, CodingKey {
    case blas, threads, processors, warnings
    case zip = "libzip"
    case png = "libpng"
    case instructionSet = "instruction_set"
    case instructionSets = "instruction_sets"
    case blasCore = "blas_core"
    case blasThreads = "blas_threads"
  }

  init(environment: [String: String]) {
    warnings = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"].compactMap { name in
      environment[name].map { "\(name)=\($0) determines BLAS's kernels; unset it for full speed" }
    }
  }

  var lines: [String] {
    [
      "instruction set    \(instructionSet) (of \(instructionSets.joined(separator: ", ")))",
      "BLAS core          \(blasCore)",
      "BLAS               \(blas)",
      "threads            \(threads) of this package, \(blasThreads) of BLAS, \(processors) processors",
      "files              libzip \(zip), libpng \(png)",
    ] + warnings.map { "warning: \($0)" }
  }
}
