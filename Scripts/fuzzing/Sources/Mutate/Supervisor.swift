import Glibc

/// Starts workers, each for some hundred inputs, until the time is over; keeps the inputs at which they end.
struct Supervisor {
  let mutation: Mutation
  let files: [String]
  let seconds: Int
  /// Where inputs that are found are left.
  let folder: String

  private static let batch: UInt64 = 200
  private static let greatestFindingCount = 20

  /// Whether nothing was found.
  func run(from firstSeed: UInt64) -> Bool {
    let progressPath = "\(folder)/progress-\(getpid())"
    defer { unlink(progressPath) }
    let progress = Progress(progressPath)
    var seed = firstSeed
    var findings = 0
    let end = time(nil) + seconds
    while time(nil) < end, findings < Self.greatestFindingCount {
      let log = "\(folder)/\(mutation.reader.rawValue)-log.txt"
      let status = start(seed, Self.batch, progressPath, log)
      if status == 0 {
        seed += Self.batch
        continue
      }
      findings += 1
      let found = progress.seed
      rename(log, "\(path(found)).txt")
      let isAlone = start(found, 1, progressPath, log) != 0
      report(found, status, after: isAlone ? nil : seed)
      seed = found + 1
    }
    print(
      "\(mutation.reader.rawValue): \(progress.executions) inputs, \(findings) findings, the slowest "
        + "\(progress.slowest / 1_000_000) ms, the largest \(progress.largest >> 20) MB")
    return findings == 0
  }

  private func path(_ seed: UInt64) -> String { "\(folder)/\(mutation.reader.rawValue)-\(seed)" }

  /// - Parameter first: the input with which the worker began, where it does not end so at this one alone.
  private func report(_ seed: UInt64, _ status: CInt, after first: UInt64?) {
    let input = mutation.input(seed: seed)
    if let file = fopen(path(seed), "w") {
      fwrite(input, 1, input.count, file)
      fclose(file)
    }
    let signal = status & 0x7F
    let text =
      signal == SIGALRM
      ? "more than \(Worker.greatestSeconds) seconds"
      : signal != 0
        ? "signal \(signal)"
        : status >> 8 == Worker.memoryStatus
          ? "more memory than \(Worker.greatestMemory(ofInput: input.count) >> 20) MB"
          : "status \(status >> 8)"
    print("\(path(seed)): \(text)" + (first.map { ", not alone but in a process that began with input \($0)" } ?? ""))
    fflush(nil)
  }

  /// The status with which a worker ends.
  private func start(_ seed: UInt64, _ count: UInt64, _ progress: String, _ log: String) -> CInt {
    let arguments =
      [CommandLine.arguments[0], "--work", mutation.reader.rawValue, "\(seed)", "\(count)", progress] + files
    var pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 2, log, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var process = pid_t()
    guard posix_spawn(&process, "/proc/self/exe", &actions, nil, &pointers, environ) == 0 else {
      fatalError("no process can be started")
    }
    var status: CInt = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    return status
  }
}
