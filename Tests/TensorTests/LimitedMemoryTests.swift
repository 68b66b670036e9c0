import Foundation
import Testing

@testable import Tensor

/// Waits until the other threads sleep: one of OpenBLAS that has not come to its buffer yet would look for it without end.
private func awaitSleepingThreads() {
  var quietRounds = 0
  while quietRounds < 5 {
    let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
    let awake = tasks.filter { task in
      let status = (try? String(contentsOfFile: "/proc/self/task/\(task)/stat", encoding: .utf8)) ?? ") S"
      return status.split(separator: ")").last?.hasPrefix(" S") == false
    }
    // The thread that asks is awake itself.
    quietRounds = awake.count <= 1 ? quietRounds + 1 : 0
    usleep(2000)
  }
}

/// Lets this process map so many more bytes.
private func limitMemory(toFurther bytes: UInt) throws {
  awaitSleepingThreads()
  let pages = try #require(
    try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ").first.flatMap { UInt($0) })
  var limit = rlimit()
  getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
  limit.rlim_cur = rlim_t(pages * UInt(getpagesize()) + bytes)
  try #require(setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0)
}

/// Each BLAS call takes a buffer of up to 128 MiB, for which OpenBLAS itself would wait without end.
@Suite(
  .disabled(
    if: ["ASAN_OPTIONS", "TSAN_OPTIONS"].contains { ProcessInfo.processInfo.environment[$0] != nil },
    "sanitizers map more memory than the limits leave"))
struct LimitedMemoryTests {
  @Test func `products and decompositions without memory for them stop the program`() async {
    let product = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      try limitMemory(toFurther: 64 << 20)
      _ = Tensor<Double>.ones([200, 300]).matmul(Tensor<Double>.ones([300, 200]))
    }
    let solution = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      try limitMemory(toFurther: 64 << 20)
      _ = try Tensor<Float>.identity(200).inverse()
    }
    for result in [product, solution] {
      let text = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
      #expect(text.contains("there is no memory for OpenBLAS, which takes 128 MiB"), "\(text)")
    }
  }

  @Test func `products wait for each other where there is memory for some at once`() async {
    await #expect(processExitsWith: .success) {
      Threads.count = 1
      let (a, b) = (Tensor<Double>.ones([200, 300]), Tensor<Double>.ones([300, 200]))
      let threads = Lock(0)
      // Room for the one buffer, and for what the C library keeps for each thread: 64 MiB, which may come between looking for the
      // buffer's memory and taking it.
      try limitMemory(toFurther: 1 << 30)
      Threads.run(on: 6) {
        threads.withLock { $0 += 1 }
        for _ in 0..<20 { #expect((a.matmul(b) .== 300).all().scalar) }
      }
      #expect(threads.withLock { $0 } >= 1)
    }
  }

  @Test func `threads without memory for them are not started`() async {
    await #expect(processExitsWith: .success) {
      let before = ComputeEnvironment.blasThreads
      try limitMemory(toFurther: 64 << 20)
      Threads.count = before + 3
      #expect(ComputeEnvironment.blasThreads == before)
      let x = Tensor<Float>.ones([1 << 20])
      for _ in 0..<10 { #expect((x.exp() .> 2).all().scalar) }
    }
  }
}
