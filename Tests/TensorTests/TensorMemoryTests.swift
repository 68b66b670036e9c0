import CKernels
import Foundation
import TestSupport
import Testing

@testable import Tensor

/// Memory that is kept for reuse. Other tests allocate at the same time, so that exact figures hold under a limit of 0 only.
@Suite(.serialized) struct TensorMemoryTests {
  static let limit = 256 << 20

  func withLimit(_ limit: Int, _ body: () -> Void) {
    TensorMemory.keptLimit = limit
    defer { TensorMemory.keptLimit = Self.limit }
    body()
  }

  @Test func `256 MiB are kept at first`() async {
    await #expect(processExitsWith: .success) { #expect(TensorMemory.keptLimit == 256 << 20) }
  }

  @Test func `memory beyond the limit is handed back`() {
    for bytes in Array(1...700) + [1 << 16, (1 << 16) + 1, 5 << 20, (1 << 23) - 1] {
      let block = ck_allocate(bytes)!
      memset(block, 0xA5, bytes)
      ck_free(block, bytes)
    }
    withLimit(0) {
      #expect(TensorMemory.keptByteCount == 0)
      _ = Tensor<Float>.zeros([1 << 20])
      #expect(TensorMemory.keptByteCount == 0)
    }
    #expect(ck_allocate(.max) == nil)
  }

  @Test func `what is kept is reused, bounded and trimmed`() async {
    await #expect(processExitsWith: .success) {
      TensorMemory.keptLimit = 5 << 20
      _ = Tensor<UInt8>.zeros([1 << 20])
      let kept = TensorMemory.keptByteCount
      #expect(kept == 1 << 20 || kept == 0, "nothing is kept under the address sanitizer")
      let x = Tensor<UInt8>.zeros([(1 << 20) - 5])
      #expect(TensorMemory.keptByteCount == max(0, kept - (1 << 20)))
      do { _ = (0..<9).map { _ in x.copied() } }
      #expect(TensorMemory.keptByteCount <= 5 << 20)
      _ = Tensor<UInt8>.zeros([8 << 20])
      #expect(TensorMemory.keptByteCount <= 5 << 20)
      TensorMemory.trim()
      #expect(TensorMemory.keptByteCount == 0)
      #expect(TensorMemory.keptLimit == 5 << 20)
    }
  }

  @Test func `threads allocate, trim and set the limit at once`() {
    defer { TensorMemory.keptLimit = Self.limit }
    DispatchQueue.concurrentPerform(iterations: 8) { thread in
      var generator = Seeded(UInt64(thread))
      var held: [Tensor<Int32>] = []
      for round in 0..<300 {
        let value = Int32(thread * 1000 + round)
        held.append(Tensor(repeating: value, shape: [Int.random(in: 1...70_000, using: &generator)]))
        if held.count > 10 {
          let x = held.remove(at: Int.random(in: 0..<10, using: &generator))
          #expect(x.min() == x.max())
        }
        if thread == 0 { TensorMemory.keptLimit = [0, 1 << 16, 1 << 22, Self.limit][round % 4] }
        if thread == 1 && round % 10 == 0 { TensorMemory.trim() }
      }
      for x in held { #expect(x.min() == x.max()) }
    }
    #expect(TensorMemory.keptByteCount <= Self.limit)
  }

  @Test func `a limit below zero stops the program`() async {
    await expectMessage(
      "the limit of the memory kept is -1 bytes; allowed: numbers of at least 0",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        TensorMemory.keptLimit = -1
      })
  }
}
