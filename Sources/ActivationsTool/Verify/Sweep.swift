import Activations
import Foundation
import Tensor

/// What is compared.
enum Direction: String, Codable, Sendable {
  case value
  /// The pullback of an upstream gradient of ones.
  case slope

  func compute<Scalar: RealScalar>(
    _ activation: Activation<Scalar>, _ x: Tensor<Scalar>, _ kernels: Kernels
  ) -> Tensor<Scalar> {
    certain { () throws(ActivationError) in
      switch self {
      case .value: try activation(x, kernels: kernels)
      case .slope: try activation.pullback(.ones(x.shape), input: x, kernels: kernels)
      }
    }
  }
}

/// One activation with its parameters over Float inputs, on several instruction sets.
struct Sweep: Sendable {
  let activation: Activation<Float>
  let reference: any Reference
  let direction: Direction
  let inputs: SweepInputs
  let kernels: [Kernels]

  init(_ subject: Subject, _ setting: [Double], _ direction: Direction, every: Int, kernels: [Kernels]) {
    // What the kernels compute with is what the parameters are in Float.
    let setting = setting.map { Double(Float($0)) }
    activation = subject.activation(setting)
    reference = subject.reference(setting)
    self.direction = direction
    inputs = SweepInputs(every: every, kinks: reference.kinks)
    self.kernels = kernels
  }

  /// Compares all inputs, on all cores. `progress` is told of each block's length when it is done.
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
    var exact = [Double](repeating: 0, count: block.count)
    switch direction {
    case .value: reference.values(block, into: &exact)
    case .slope: reference.slopes(block, into: &exact)
    }
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
      let root = type(of: reference).slopeRoot
      tally.add(
        inputs: block, exact: exact, computed: result, direction: direction, root: direction == .slope ? root : nil)
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
