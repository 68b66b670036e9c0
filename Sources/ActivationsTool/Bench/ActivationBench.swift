import Foundation
import Tensor

/// Times activations in one precision and prints nanoseconds per element.
struct ActivationBench<Scalar: RealScalar> {
  let sizes: [Int]
  let threads: Int
  let stopwatch: Stopwatch
  let report: (BenchLine) -> Void

  private static var precision: String { Scalar.elementType == .double ? "double:" : "" }

  static func names(_ forms: [BenchForm]) -> [String] {
    let operations = BenchOperation<Scalar>.all
    return forms.flatMap { form in
      operations.map { precision + form.prefix + $0.name }
    } + [precision + "memcpy"]
  }

  func run(_ names: Set<String>, using generator: inout PhiloxGenerator) {
    for operation in BenchOperation<Scalar>.all {
      for form in BenchForm.allCases {
        let name = Self.precision + form.prefix + operation.name
        guard names.contains(name) else { continue }
        for size in sizes {
          let shape = operation.shape(size)
          let count = shape.reduce(1, *)
          // Small sizes are timed as a loop of calls, so that the clock itself is not measured.
          let calls = max(1, 65536 / count)
          let seconds = time(operation, form, shape, calls, using: &generator)
          let nanoseconds = seconds * 1e9 / Double(calls * count)
          report(BenchLine(operation: name, size: size, threads: threads, nanoseconds: nanoseconds))
        }
      }
    }
    if names.contains(Self.precision + "memcpy") { sizes.forEach(copyMemory) }
  }

  /// Returns the seconds of this number of calls.
  private func time(
    _ operation: BenchOperation<Scalar>, _ form: BenchForm, _ shape: [Int], _ calls: Int,
    using generator: inout PhiloxGenerator
  ) -> Double {
    // The spread of a dense layer's outputs, with some tails.
    let x = Tensor<Scalar>.normal(shape, standardDeviation: 3, using: &generator)
    switch form {
    case .plain:
      return stopwatch.best { for _ in 0..<calls { consume(operation.value(x)) } }
    case .grad:
      let y = operation.value(x)
      let upstream = Tensor<Scalar>.ones(y.shape)
      return stopwatch.best { for _ in 0..<calls { consume(operation.pullback(upstream, x, y)) } }
    case .inplace:
      // New copies for every run, because results applied to themselves would be other numbers.
      var copies: [Tensor<Scalar>] = []
      return stopwatch.best(
        after: {
          copies.removeAll(keepingCapacity: true)
          for _ in 0..<calls { copies.append(x.copied()) }
        },
        {
          for call in 0..<calls { operation.apply(to: &copies[call]) }
        })
    case .strided:
      let double = Array(shape.dropLast()) + [2 * shape.last!]
      let wide = Tensor<Scalar>.normal(double, standardDeviation: 3, using: &generator)
      let view = wide[.ellipsis, Slice(step: 2)]
      return stopwatch.best { for _ in 0..<calls { consume(operation.value(view)) } }
    }
  }

  /// memcpy between buffers that have been written to, in as many pieces as there are threads.
  private func copyMemory(_ size: Int) {
    let source = Tensor<Scalar>.ones([size])
    var target = Tensor<Scalar>.zeros([size])
    let calls = max(1, 65536 / size)
    let pieces = size >= 65536 ? threads : 1
    let seconds = source.withUnsafeBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target in
        nonisolated(unsafe) let from = source.baseAddress!
        nonisolated(unsafe) let to = target.baseAddress!
        let length = size / pieces
        return stopwatch.best {
          for _ in 0..<calls {
            if pieces == 1 {
              memcpy(to, from, size * MemoryLayout<Scalar>.stride)
            } else {
              DispatchQueue.concurrentPerform(iterations: pieces) { piece in
                memcpy(to + piece * length, from + piece * length, length * MemoryLayout<Scalar>.stride)
              }
            }
          }
        }
      }
    }
    let nanoseconds = seconds * 1e9 / Double(calls * size)
    report(BenchLine(operation: Self.precision + "memcpy", size: size, threads: threads, nanoseconds: nanoseconds))
  }
}
