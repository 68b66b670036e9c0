import CKernels
import Foundation
import Testing

@testable import Tensor

enum Allocations {
  /// How often this thread has asked for tensor memory.
  static var count: Int { ck_allocations() }

  static func during(_ body: () -> Void) -> Int {
    let before = count
    body()
    return count - before
  }
}

/// What is allocated, and what is reused.
@Suite struct AllocationTests {
  let x = Tensor<Float>(repeating: 2, shape: [8, 9])
  let y = Tensor<Float>(repeating: 3, shape: [8, 9])

  @Test func `a chain allocates once`() {
    #expect(Allocations.during { _ = (x.exp() + 1).log() } == 1)
    #expect(Allocations.during { _ = ((x - y) * 2 + y).squareRoot().clamped(0...1) } == 1)
    #expect(Allocations.during { _ = 1 - (x * y) } == 1)
    #expect(Allocations.during { _ = x.transposed.exp().log() + y.transposed } == 1)
    #expect(Allocations.during { _ = y + x.exp() } == 1)
    #expect(Allocations.during { _ = y - (x * 2) } == 1)
    #expect(Allocations.during { _ = -x.absolute() } == 1)
  }

  @Test func `a tensor that is given away is overwritten`() {
    func consumed(_ x: consuming Tensor<Float>) -> Tensor<Float> { (x + 1).exp() }
    let count = Allocations.during {
      var z = Tensor<Float>(repeating: 1, shape: [5])
      z = consumed(consume z)
      z = z.log()
      #expect(z.elements.allSatisfy { abs($0 - 2) < 1e-6 })
    }
    #expect(count <= 2)
  }

  @Test func `updates in place allocate nothing`() {
    var z = x.copied()
    let row = Tensor<Float>(repeating: 1, shape: [9])
    let count = Allocations.during {
      z += y
      z -= 1
      z *= row
      z /= y
      z[1] = row
      z[0..., 2...4] = Tensor(0)
      z[at: 1, 1] = 5
    }
    #expect(count == 1, "the rank 0 tensor assigned")
  }

  @Test func `operations allocate their result`() {
    let mask = x .> 1
    let positions = Tensor<Int64>([1, 2])
    let operations: [() -> Void] = [
      { _ = x + y }, { _ = x.exp() }, { let _ = x .< y }, { _ = x.isNaN }, { _ = Tensor.where(mask, x, y) },
      { _ = x.sum(axis: 0) }, { _ = x.max() }, { _ = x.argMax(axis: 1) }, { _ = x.cumulativeSum(axis: 1) },
      { _ = x.mean(axis: 1) }, { _ = x.variance(axis: 0) }, { _ = x.cast(to: Double.self) }, { _ = x.copied() },
      { _ = x.transposed.contiguous }, { _ = x.broadcast(to: [2, 8, 9]) * y }, { _ = x.map { $0 * 2 } },
      { _ = x.transposed.reshaped([72]) }, { _ = x.differences() }, { _ = Tensor<Float>.ones([4]) },
      { _ = x.norm() }, { _ = x.norm(.one, axis: 1) },
    ]
    for (number, operation) in operations.enumerated() {
      #expect(Allocations.during(operation) == 1, "operation \(number)")
    }
    #expect(Allocations.during { _ = x[positions] } <= 3)
    #expect(Allocations.during { _ = x.logSumExp(axis: 1) } <= 6)
  }

  @Test func `only memory that is filled is reused`() {
    // The view is smaller than its storage: overwriting it would keep the whole alive.
    var z = x.copied()
    z = z[0]
    #expect(Allocations.during { z = (consume z).exp() } == 1)
    #expect(z.storage.count == 9)
  }

  @Test func `blocks are aligned to cache lines and reused`() {
    for count in [0, 1, 15, 16, 17, 100, 1000, 12345, 1 << 20] {
      let z = Tensor<UInt8>(uninitialized: [count])
      #expect(UInt(bitPattern: z.storage.base) % 64 == 0, "\(count)")
    }
  }

  @Test func `foreign memory is used and handed back`() async {
    final class Owner: @unchecked Sendable {
      let memory: UnsafeMutableBufferPointer<Int32>
      init() {
        memory = .allocate(capacity: 4)
        memory.initialize(repeating: 3)
      }
      deinit { memory.deallocate() }
    }
    let owner = Owner()
    var read = Tensor<Int32>(wrapping: UnsafeBufferPointer(owner.memory), shape: [2, 2], owner: owner)
    read += 1
    #expect(read == [[4, 4], [4, 4]] && owner.memory.allSatisfy { $0 == 3 })

    await confirmation { handedBack in
      let memory = UnsafeMutableBufferPointer<Float>.allocate(capacity: 3)
      memory.initialize(repeating: 1)
      nonisolated(unsafe) let block = memory
      var x = Tensor(wrapping: memory, shape: [3]) {
        block.deallocate()
        handedBack()
      }
      x += 2
      #expect(memory[2] == 3 && x[at: 2] == 3)
    }
  }

  @Test func `a pool keeps what a run gives up for the next one, and not more than twice of it`() {
    let pool = MemoryPool()
    func run(_ count: Int, _ shape: [Int] = [8, 9]) -> Int {
      Allocations.during { pool.lend { _ = (0..<count).map { _ in Tensor<Float>(uninitialized: shape) } } }
    }
    #expect(run(3) == 3 && run(3) == 0)
    #expect(run(3, [4, 8, 9]) == 3)
    #expect(run(3) == 0 && run(3, [4, 8, 9]) == 0, "smaller runs between larger ones")

    let other = MemoryPool()
    var held = (0..<50).map { _ in x.copied() }
    other.lend {
      _ = x.copied()
      held = []
    }
    other.lend {}
    let count = Allocations.during { other.lend { held = (0..<10).map { _ in x.copied() } } }
    #expect(count == 8 && held.count == 10, "what others have taken and give up here goes on to all")
  }
}

extension MemoryPool {
  fileprivate func lend(to run: () -> Void) {
    let outer = enter()
    defer { leave(for: outer) }
    run()
  }
}
