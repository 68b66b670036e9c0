import Foundation
import TestSupport
import Testing

/// The tool in processes whose memory or threads are limited.
@Suite(.temporaryFolder, .disabled(if: isSanitized, "sanitizers map more memory than the limits leave"))
struct LimitTests {
  private let model = digitsFolder + "/digits_snn.keras"
  private let images = digitsFolder + "/x_test.npy"

  /// Runs the tool in a shell after `limit`; a run that does not end fails.
  private func runLimited(_ limit: String, _ arguments: [String], by starter: [String] = []) throws -> ToolRun {
    try runTool(
      ["timeout", "100"] + starter + ["bash", "-c", limit + "; exec \"$0\" \"$@\"", toolLocation.path] + arguments,
      executable: URL(filePath: "/usr/bin/env"))
  }

  /// Too little for a thread of BLAS, which waits for its buffer without end; for a few of other threads; and for all.
  @Test(arguments: ["-v 200000", "-v 250000", "-v 300000", "-v 400000", "-v 700000", "-d 20000", "-d 200000"])
  func `where memory is limited the tool does the same and ends`(limit: String) throws {
    for arguments in [["predict", model, images, "-o", "-"], ["apply", "gelu", images, "-"], ["list", "--short"]] {
      let run = try runLimited("ulimit " + limit, arguments)
      #expect(run.status == 0 && run.errors.isEmpty, "\(arguments[0]): \(run.status), \(run.errors)")
      #expect(run.output == (try runTool(arguments)).output)
    }
  }

  /// As another user, for the limit is none for root.
  @Test(.enabled(if: runsAsNobody, "this needs a user whose threads are limited"), arguments: [0, 2, 3])
  func `where no thread can be made the tool does the same and ends`(threads: Int) throws {
    for arguments in [["predict", model, images, "-o", "-"], ["verify", "relu", "--every", "1000003"]] {
      let run = try runLimited("ulimit -u \(threads)", arguments, by: nobody)
      #expect(run.status == 0 && run.errors.isEmpty, "\(arguments[0]): \(run.status), \(run.errors)")
      #expect(run.output == (try runTool(arguments)).output)
    }
  }
}

private let isSanitized = ["ASAN_OPTIONS", "TSAN_OPTIONS"].contains {
  ProcessInfo.processInfo.environment[$0] != nil
}

private let nobody = getuid() == 0 ? ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : []

private let runsAsNobody: Bool = {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = nobody + ["test", "-x", toolLocation.path, "-a", "-r", digitsFolder + "/x_test.npy"]
  process.standardError = FileHandle.nullDevice
  guard (try? process.run()) != nil else { return false }
  process.waitUntilExit()
  return process.terminationStatus == 0
}()
