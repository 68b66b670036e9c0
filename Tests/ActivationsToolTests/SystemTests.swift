import Foundation
import Tensor
import TestSupport
import Testing

@testable import ActivationsTool

@Suite(.temporaryFolder) struct SystemTests {
  @Test func `the version is told`() throws { #expect(try runTool(["--version"]).text == "1.0.0\n") }

  @Test func `what computes is named, and what holds BLAS back`() {
    let report = SystemReport(environment: ["OPENBLAS_CORETYPE": "Haswell", "OPENBLAS_L2_SIZE": "512"])
    let lines = report.lines
    #expect(lines[0].contains(ComputeEnvironment.instructionSet))
    #expect(lines.suffix(2).allSatisfy { $0.hasPrefix("warning: OPENBLAS_") })
    #expect(lines[lines.count - 2].contains("Haswell"))
    #expect(SystemReport(environment: [:]).lines.count == lines.count - 2)
  }

  @Test func `programs read it as JSON`() throws {
    let run = try runTool(["system", "--json"])
    let object = try #require(try JSONSerialization.jsonObject(with: run.output) as? [String: Any])
    #expect(object["instruction_set"] as? String == ComputeEnvironment.instructionSet)
    #expect(object["libzip"] is String && object["libpng"] is String)
  }
}
