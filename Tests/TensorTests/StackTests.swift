import Foundation
import Testing

@testable import Tensor

/// LAPACK on threads whose stacks OpenBLAS's recursion does not fit into.
@Suite struct StackTests {
  /// What `body` gives on a thread with so many bytes of stack.
  private func onThread<Result: Sendable>(_ size: Int, _ body: @escaping @Sendable () -> Result) -> Result {
    let found = Lock<Result?>(nil)
    let isDone = DispatchSemaphore(value: 0)
    let thread = Thread {
      let result = body()
      found.withLock { $0 = result }
      isDone.signal()
    }
    thread.stackSize = size
    thread.start()
    isDone.wait()
    return found.withLock { $0! }
  }

  @Test(arguments: [512 << 10, 1 << 20, 3 << 20]) func `factors of matrices are found on small stacks`(size: Int) {
    for order in [100, 150, 200, 260, 500] {
      let largest = onThread(size) {
        let x = Tensor<Double>.identity(order) * 4 + Tensor<Double>.ones([order, order]) / Double(order)
        guard let inverse = try? x.inverse() else { return Double.infinity }
        let rest = inverse.matmul(x) - .identity(order)
        return max(rest.absolute().max().scalar, abs(x.determinant().scalar.isFinite ? 0 : 1))
      }
      #expect(largest < 1e-10, "order \(order)")
    }
  }

  @Test func `a call is made where the stack suffices, and elsewhere where it does not`() {
    let here = onThread(16 << 20) {
      let thread = pthread_self()
      var isSame = false
      _ = CallStack.withRoom {
        isSame = pthread_equal(pthread_self(), thread) != 0
        return 0
      }
      return isSame
    }
    #expect(here)
    #expect(onThread(1 << 20) { CallStack.withRoom { 7 } } == 7)
  }

  @Test func `a matrix with NaN is not called singular`() throws {
    let x = Tensor<Double>([[0, 0], [.nan, .nan]])
    #expect(try x.inverse().isNaN.all().scalar)
    #expect(try x.solve(Tensor([1, 2])).isNaN.all().scalar)
    let error = #expect(throws: LinearAlgebraError.self) {
      try Tensor<Double>([[0, 0], [1, 2]]).transposed.inverse()
    }
    #expect("\(error!)".contains("is singular: pivot"))
  }
}
