import Tensor
import Testing

@testable import ActivationsTool

@Suite struct SystemTests {
  @Test func `what computes is named, and what holds BLAS back`() {
    let lines = System.lines(environment: ["OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_L2_SIZE": "512"])
    #expect(lines[0].contains(ComputeEnvironment.instructionSet))
    #expect(lines.suffix(2).allSatisfy { $0.hasPrefix("warning: OPENBLAS_") })
    #expect(lines[lines.count - 2].contains("Haswell"))
    #expect(System.lines(environment: [:]).count == lines.count - 2)
  }
}
