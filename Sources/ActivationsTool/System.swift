import ArgumentParser
import Glibc
import Tensor

struct System: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Prints what computes on this machine.")

  func run() {
    let others = ComputeEnvironment.instructionSets.joined(separator: ", ")
    print("instruction set    \(ComputeEnvironment.instructionSet) (of \(others))")
    print("BLAS core          \(ComputeEnvironment.blasCore)")
    print("BLAS               \(ComputeEnvironment.blasConfiguration)")
    print("threads            \(Threads.count)")
    if let core = getenv("OPENBLAS_CORETYPE") {
      print("warning: OPENBLAS_CORETYPE=\(String(cString: core)) decides BLAS's kernels; unset it for full speed")
    }
  }
}
