import Glibc
import Readers

/// Reads the inputs of some seeds, one after another, in a process that may end at any of them: how far it has come stands in a file
/// that both processes have in memory.
struct Worker {
  let mutation: Mutation
  let progress: Progress

  /// What an input may take.
  static let greatestSeconds: UInt32 = 10
  static func greatestMemory(ofInput count: Int) -> Int { 10 * count + 300 << 20 }

  /// Ends this process with ``memoryStatus`` where an input takes too much memory, and by SIGALRM where one takes too long.
  func read(_ seeds: Range<UInt64>) {
    for seed in seeds {
      let input = mutation.input(seed: seed)
      progress.begin(seed)
      read(input)
      progress.end()
      if progress.peak > Self.greatestMemory(ofInput: input.count) { exit(Self.memoryStatus) }
    }
  }

  func read(_ input: [UInt8]) {
    Memory.resetPeak()
    let before = Memory.resident
    var (start, end) = (timespec(), timespec())
    clock_gettime(CLOCK_MONOTONIC, &start)
    alarm(Self.greatestSeconds)
    mutation.reader.read(input)
    alarm(0)
    clock_gettime(CLOCK_MONOTONIC, &end)
    let nanoseconds = (end.tv_sec - start.tv_sec) * 1_000_000_000 + end.tv_nsec - start.tv_nsec
    progress.record(nanoseconds, memory: max(0, Memory.peak - before))
  }

  static let memoryStatus: CInt = 77
}

/// What the system says of this process, in bytes.
enum Memory {
  static var resident: Int { field("VmRSS:") }
  static var peak: Int { field("VmHWM:") }

  static func resetPeak() {
    let file = open("/proc/self/clear_refs", O_WRONLY)
    if file < 0 { return }
    _ = write(file, "5", 1)
    close(file)
  }

  private static func field(_ name: String) -> Int {
    let file = open("/proc/self/status", O_RDONLY)
    if file < 0 { return 0 }
    defer { close(file) }
    let text = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
      let count = Glibc.read(file, buffer.baseAddress!, buffer.count)
      return String(decoding: buffer.prefix(max(count, 0)), as: UTF8.self)
    }
    guard let range = text.firstRange(of: name) else { return 0 }
    let digits = text[range.upperBound...].drop { !$0.isNumber }.prefix { $0.isNumber }
    return (Int(digits) ?? 0) << 10
  }
}

/// Counts that a process and the one that has started it both see.
final class Progress {
  private let counts: UnsafeMutablePointer<Int>
  private static let size = 4096

  init(_ path: String) {
    let file = open(path, O_RDWR | O_CREAT, 0o600)
    guard file >= 0, ftruncate(file, Self.size) == 0,
      let memory = mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0), memory != MAP_FAILED
    else { fatalError("no file \(path)") }
    close(file)
    counts = memory.bindMemory(to: Int.self, capacity: 8)
  }

  func begin(_ seed: UInt64) { counts[0] = Int(bitPattern: UInt(seed)) }
  func end() { counts[1] += 1 }
  func record(_ nanoseconds: Int, memory: Int) {
    counts[2] = max(counts[2], nanoseconds)
    counts[3] = max(counts[3], memory)
    counts[4] = memory
  }

  /// The input that was begun last.
  var seed: UInt64 { UInt64(UInt(bitPattern: counts[0])) }
  var executions: Int { counts[1] }
  var slowest: Int { counts[2] }
  var largest: Int { counts[3] }
  /// Of the input that was read last.
  var peak: Int { counts[4] }
}
