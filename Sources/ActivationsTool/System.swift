import ArgumentParser
import Foundation
import Tensor

struct System: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Prints what computes on this machine.")

  func run() {
    for line in Self.lines(environment: ProcessInfo.processInfo.environment) { print(line) }
  }

  static func lines(environment: [String: String]) -> [String] {
    let sets = ComputeEnvironment.instructionSets.joined(separator: ", ")
    let processors = ProcessInfo.processInfo.processorCount
    let warnings = ["OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"].compactMap { name in
      environment[name].map { "warning: \(name)=\($0) decides BLAS's kernels; unset it for full speed" }
    }
    return [
      "instruction set    \(ComputeEnvironment.instructionSet) (of \(sets))",
      "BLAS core          \(ComputeEnvironment.blasCore)",
      "BLAS               \(ComputeEnvironment.blasConfiguration)",
      "threads            \(Threads.count) of this package, \(ComputeEnvironment.blasThreads) of BLAS, \(processors) processors",
    ] + warnings
  }
}
