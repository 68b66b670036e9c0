import Activations
import Foundation
import Tensor

/// The compared direction.
enum Direction: String, Codable, Sendable {
  case value
  /// The pullback of an upstream gradient of ones.
  case slope

  /// The largest permitted error in ulp.
  func bound(_ definition: any Definition) -> ErrorBounds.Bound {
    let errors = definition.formula.errors
    guard let bound = self == .value ? errors.value : errors.slope else {
      trap("\(definition.name) has no error bound")
    }
    return bound
  }

  func compute<Scalar: RealScalar>(
    _ activation: Activation<Scalar>, _ x: Tensor<Scalar>, _ kernels: Kernels
  ) -> Tensor<Scalar> {
    do {
      switch self {
      case .value: return try activation(x, kernels: kernels)
      case .slope: return try activation.pullback(.ones(x.shape), input: x, kernels: kernels)
      }
    } catch {
      trap("\(error)")
    }
  }
}

/// One activation with its parameters over Float inputs, on several instruction sets.
struct Sweep: Sendable {
  let activation: Activation<Float>
  let reference: Reference
  let direction: Direction
  let inputs: SweepInputs
  let kernels: [Kernels]

  init(_ variant: Variant, _ direction: Direction, every: Int, kernels: [Kernels]) {
    activation = variant.activation()
    reference = variant.reference(for: .float)
    self.direction = direction
    inputs = SweepInputs(every: every, kinks: reference.kinks)
    self.kernels = kernels
  }

  /// Compares all inputs, on all cores. `progress` is called with each block's length when it is done.
  /// - Returns: a tally for each of the kernels.
  func run(progress: @Sendable (Int) -> Void = { _ in }) -> [Tally] {
    let state = Lock((next: 0, tallies: kernels.map { _ in Tally() }))
    let workers = ProcessInfo.processInfo.activeProcessorCount
    Threads.run(on: workers) {
      while true {
        let index = state.withLock { state in
          defer { state.next += 1 }
          return state.next
        }
        guard index < inputs.blocks else { return }
        let block = inputs.block(index)
        let tallies = compare(block)
        state.withLock { state in
          for k in kernels.indices { state.tallies[k].merge(tallies[k]) }
        }
        progress(block.count)
      }
    }
    return state.withLock { $0.tallies }
  }

  /// The exact results are computed once for all kernels.
  private func compare(_ block: [Float]) -> [Tally] {
    let exactly = direction == .value ? reference.value : reference.slope
    let exact = block.map { exactly(Double($0)) }
    let x = Tensor<Float>(block)
    var done: [(result: [Float], tally: Tally)] = []
    for kernels in kernels {
      let result = direction.compute(activation, x, kernels).scalars
      // Instruction sets mostly agree to the bit.
      if let same = done.first(where: { haveSameBits($0.result, result) }) {
        done.append(same)
        continue
      }
      var tally = Tally()
      tally.add(
        inputs: block, exact: exact, computed: result, direction: direction,
        root: direction == .slope ? reference.slopeRoot : nil)
      done.append((result, tally))
    }
    return done.map(\.tally)
  }
}

private func haveSameBits(_ x: [Float], _ y: [Float]) -> Bool {
  var differences: UInt32 = 0
  for i in x.indices { differences |= x[i].bitPattern ^ y[i].bitPattern }
  return differences == 0
}
