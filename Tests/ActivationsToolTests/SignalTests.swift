import Foundation
import ModelFiles
import TestSupport
import Testing

@testable import ActivationsTool

@Suite(.temporaryFolder) struct SignalTests {
  /// A pipe without a reader holds the tool up when one of two files is being written.
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func `a process that is ended leaves no half-written files`(
    _ signal: Int32
  )
    throws
  {
    let input = Input<Float>(2)
    var model = try Functional(inputs: [input], outputs: [Dense(2)(input), Dense(3)(input)])
    var generator = PhiloxGenerator(seed: 1)
    try model.build(using: &generator)
    let folder = temporaryFolder()
    let (path, x, pipe) = (temporaryFile("model.keras"), temporaryFile("x.npy"), temporaryFile("pipe"))
    try model.write(to: path)
    try Tensor<Float>.ones([4, 2]).write(to: x)
    try #require(mkfifo(pipe, 0o600) == 0)
    let process = Process()
    process.executableURL = toolLocation
    process.arguments = ["predict", path, x, "-o", folder + "/y.npy", "-o", pipe]
    try process.run()
    var files: [String] = []
    while files.isEmpty && process.isRunning { files = try FileManager.default.contentsOfDirectory(atPath: folder) }
    #expect(files.count == 1 && files[0].hasSuffix(".tmp"))
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    #expect(process.terminationReason == .uncaughtSignal && process.terminationStatus == signal)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }

  @Test(
    .disabled(
      if: ProcessInfo.processInfo.environment["TSAN_OPTIONS"] != nil, "ThreadSanitizer needs a larger file of its own"))
  func `a limit of a file's size is an error`() throws {
    let folder = temporaryFolder()
    let x = temporaryFile("x.npy")
    try Tensor<Float>.ones([100_000]).write(to: x)
    let run = try runTool(
      ["-c", "ulimit -f 8; exec \"$0\" apply relu \"$1\" \"$2\"", toolLocation.path, x, folder + "/y.npy"],
      executable: URL(filePath: "/bin/sh"))
    #expect(run.status == 1)
    #expect(run.errors.hasPrefix("Error: \(folder)/y.npy, byte ") && run.errors.contains("room for"), "\(run.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
  }
}
