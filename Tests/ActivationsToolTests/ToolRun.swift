import Foundation
import TestSupport

@testable import ActivationsTool

/// The digits of Examples.
let digitsFolder = URL(filePath: #filePath).deletingLastPathComponent()
  .appending(path: "../../Examples/digits").standardized.path

/// What a run of the tool left.
struct ToolRun {
  let status: Int32
  let output: Data
  let errors: String

  var text: String { String(decoding: output, as: UTF8.self) }
}

let toolLocation = Bundle.main.bundleURL.appending(path: "activations")

/// Runs the tool, or what starts it, as a process of its own.
func runTool(
  _ arguments: [String], input: Data = Data(), environment: [String: String] = [:], executable: URL = toolLocation
) throws -> ToolRun {
  let folder = temporaryFile("streams")
  let process = Process()
  process.executableURL = executable
  process.arguments = arguments
  process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
  // Files, not pipes, which would have to be read while the process writes.
  let paths = ["in", "out", "err"].map { folder + "." + $0 }
  try input.write(to: URL(filePath: paths[0]))
  for path in paths.dropFirst() { try Data().write(to: URL(filePath: path)) }
  process.standardInput = FileHandle(forReadingAtPath: paths[0])
  process.standardOutput = FileHandle(forWritingAtPath: paths[1])
  process.standardError = FileHandle(forWritingAtPath: paths[2])
  try process.run()
  process.waitUntilExit()
  return ToolRun(
    status: process.terminationStatus, output: try Data(contentsOf: URL(filePath: paths[1])),
    errors: try String(contentsOfFile: paths[2], encoding: .utf8))
}

/// Reads what the tool prints with --json.
let snakeCaseDecoder = {
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  return decoder
}()
