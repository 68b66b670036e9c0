import CKernels
import Foundation
import TestSupport
import Testing

@testable import Tensor

/// The kernels that change weights.
@Suite(.serialized) struct OptimizationTests {
  static let rules = (0..<CK_OPTIMIZER_COUNT.rawValue).map { ck_optimizer($0) }

  /// A step of a rule with some numbers, whatever they mean: all of them are doubles.
  static func plain(_ rule: ck_optimizer) -> ck_optimizer_step {
    var step = ck_optimizer_step()
    (step.scale, step.limit, step.rule) = (1, .infinity, rule)
    withUnsafeMutableBytes(of: &step.numbers) { bytes in
      let numbers = bytes.bindMemory(to: Double.self)
      for index in numbers.indices { numbers[index] = [0.1, 0.9, 0.2, 0.3, 0.4, 1.5][index % 6] }
    }
    return step
  }

  static func adjusted(_ rule: ck_optimizer) -> ck_optimizer_step {
    var step = plain(rule)
    (step.scale, step.limit, step.decay) = (0.5, 0.25, -0.01)
    return step
  }

  /// Value and slots after one step from seeded numbers.
  static func step<Scalar: RealScalar>(
    _ step: ck_optimizer_step, _ count: Int, kernels: Kernels = .best, _: Scalar.Type
  ) -> [Tensor<Scalar>] {
    var generator = PhiloxGenerator(seed: UInt64(count))
    var value = Tensor<Scalar>.normal([count], using: &generator)
    let gradient = Tensor<Scalar>.normal([count], using: &generator)
    var slots = (0..<Int(ck_optimizer_slots(step.rule))).map { _ in
      Tensor<Scalar>.uniform([count], in: 0.5..<0.7, using: &generator)
    }
    Tensor.optimize(step, &value, gradient: gradient, slots: &slots, kernels: kernels)
    return [value] + slots
  }

  @Test(arguments: rules) func `instruction sets and lengths agree`(rule: ck_optimizer) {
    for step in [Self.plain(rule), Self.adjusted(rule)] {
      for count in Array(0...40) + [100] {
        let expected = Self.step(step, count, kernels: Kernels.supported.last!, Double.self)
        for kernels in Kernels.supported {
          let doubles = Self.step(step, count, kernels: kernels, Double.self)
          for (found, expected) in zip(doubles, expected) where count > 0 {
            let difference = (found - expected).absolute() / (expected.absolute() + 1)
            #expect(difference.max().scalar < 1e-13, "\(rule) \(kernels.name) \(count)")
          }
          let whole = Self.step(step, count, kernels: kernels, Float.self)
          #expect(whole.allSatisfy { $0.isFinite.all().scalar }, "\(rule) \(kernels.name) \(count)")
        }
      }
    }
  }

  @Test func `an element's result does not depend on its place`() {
    for rule in Self.rules {
      for step in [Self.plain(rule), Self.adjusted(rule)] {
        var value = Tensor<Float>.filled([37], with: 0.7)
        var slots = [Tensor<Float>](
          repeating: .filled([37], with: 0.3), count: Int(ck_optimizer_slots(rule)))
        Tensor.optimize(step, &value, gradient: .filled([37], with: -0.2), slots: &slots)
        for result in [value] + slots { #expect(Set(result.scalars).count == 1, "\(rule)") }
      }
    }
  }

  @Test(arguments: rules) func `the number of threads does not change a bit`(rule: ck_optimizer) {
    let threadCount = ThreadCount()
    defer { threadCount.restore() }
    let results = [1, 2, 3].map { count in
      Threads.count = count
      return Self.step(Self.adjusted(rule), 50_013, Float.self)
    }
    #expect(results[1] == results[0] && results[2] == results[0])
  }

  @Test func `nothing is allocated`() {
    var value = Tensor<Float>.ones([1000])
    let gradient = Tensor<Float>.ones([1000])
    var slots = [Tensor<Float>.zeros([1000]), Tensor<Float>.zeros([1000])]
    let count = Allocations.during {
      Tensor.optimize(Self.plain(ck_optimizer_adam), &value, gradient: gradient, slots: &slots)
    }
    #expect(count == 0)
  }

  @Test func `what others hold stays, and any layout is taken`() {
    let kernel = Tensor<Double>([[1, 2, 3], [4, 5, 6]])
    var value = kernel.transposed
    let gradient = Tensor<Double>([[1, 0], [0, 1], [1, 1]]).flipped(axis: 0)
    let slot = Tensor<Double>.zeros([3, 2])
    var slots = [slot]
    Tensor.optimize(ck_momentum_step(.init(rate: 1, kept: 0.5)), &value, gradient: gradient, slots: &slots)
    #expect(value.scalars == [0, 3, 2, 4, 2, 6])
    #expect(slots[0].scalars == [-1, -1, 0, -1, -1, 0])
    #expect(kernel.scalars == [1, 2, 3, 4, 5, 6])
    #expect(slot.scalars == [0, 0, 0, 0, 0, 0])
  }

  @Test func `NaN in a gradient reaches the weight`() {
    for rule in Self.rules where rule != ck_optimizer_lamb_direction {
      for step in [Self.plain(rule), Self.adjusted(rule)] {
        var value = Tensor<Float>.ones([20])
        var slots = [Tensor<Float>](repeating: .ones([20]), count: Int(ck_optimizer_slots(rule)))
        var gradient = Tensor<Float>.ones([20])
        gradient[at: 3] = .nan
        Tensor.optimize(step, &value, gradient: gradient, slots: &slots)
        #expect(value.scalars.indices.filter { value.scalars[$0].isNaN } == [3], "\(rule)")
      }
    }
  }
}
