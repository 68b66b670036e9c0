import Activations
import Tensor

// The arguments of recurrent layers and cells.

extension ArgumentList {
  /// Adds a cell's arguments, of which some have their own.
  fileprivate func adding<Scalar: RealScalar>(
    _ core: GatedCellCore<Scalar>, unitForgetBias: Bool = true
  ) -> Self {
    adding("activation", core.activation, unless: .tanh)
      .adding("recurrentActivation", core.recurrentActivation ?? .sigmoid, unless: .sigmoid)
      .adding("useBias", core.biasWeight != nil, unless: true).adding(core.kernelWeight, unless: .glorotUniform)
      .adding(core.recurrentWeight, as: "recurrent", unless: .orthogonal).adding(core.biasWeight, unless: .zeros)
      .adding("unitForgetBias", unitForgetBias, unless: true).adding("dropout", core.dropout, unless: 0)
      .adding("recurrentDropout", core.recurrentDropout, unless: 0)
  }

  fileprivate func adding(_ options: RecurrentOptions) -> Self {
    adding("returnSequences", options.returnSequences, unless: false)
      .adding("returnState", options.returnState, unless: false)
      .adding("goBackwards", options.goBackwards, unless: false)
      .adding("zeroOutputForMask", options.zeroOutputForMask, unless: false)
  }
}

extension SimpleRNNCell: DescribedLayer {
  var arguments: ArgumentList { ArgumentList(units).adding(core) }
}

extension LSTMCell: DescribedLayer {
  var arguments: ArgumentList { ArgumentList(units).adding(core, unitForgetBias: unitForgetBias) }
}

extension GRUCell: DescribedLayer {
  var arguments: ArgumentList { ArgumentList(units).adding(core).adding("resetAfter", resetAfter, unless: true) }
}

extension SimpleRNN: DescribedLayer { var arguments: ArgumentList { cell.arguments.adding(options) } }
extension LSTM: DescribedLayer { var arguments: ArgumentList { cell.arguments.adding(options) } }
extension GRU: DescribedLayer { var arguments: ArgumentList { cell.arguments.adding(options) } }

extension ConvLSTM: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList(cell.filters).adding(cell.shape).adding("activation", cell.activation, unless: .tanh)
      .adding("recurrentActivation", cell.recurrentActivation, unless: .sigmoid)
      .adding("useBias", cell.biasWeight != nil, unless: true).adding(cell.kernelWeight, unless: .glorotUniform)
      .adding(cell.recurrentWeight, as: "recurrent", unless: .orthogonal).adding(cell.biasWeight, unless: .zeros)
      .adding("unitForgetBias", cell.unitForgetBias, unless: true).adding("dropout", cell.dropout, unless: 0)
      .adding("recurrentDropout", cell.recurrentDropout, unless: 0).adding(options)
  }
}

extension AnyRecurrentCell: DescribedLayer {
  var arguments: ArgumentList { (cell as? any DescribedLayer)?.arguments ?? ArgumentList() }
}

extension StackedRNNCells: DescribedLayer {
  var arguments: ArgumentList { ArgumentList("[\(cells.map(\.description).joined(separator: ", "))]") }
}

extension RNN: DescribedLayer {
  var arguments: ArgumentList { ArgumentList(cell.cell.description).adding(options) }
}

extension Bidirectional: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList(forward.description)
      .adding("mergeMode", mergeMode.map { ".\($0)" } ?? "nil", unless: ".\(MergeMode.concatenate)")
  }
}

extension TimeDistributed: DescribedLayer {
  var arguments: ArgumentList { ArgumentList(layer.description) }
}
