import Activations
import Tensor

extension AttentionLayer {
  /// Adds the options of calls.
  fileprivate func addingOptions(to list: ArgumentList) -> ArgumentList {
    list.adding("useCausalMask", useCausalMask, unless: false)
      .adding("returnAttentionScores", returnAttentionScores, unless: false)
  }
}

extension ProjectedAttention {
  /// Adds the initializers, regularizers and constraints of all projections.
  fileprivate func addingWeights(to list: ArgumentList) -> ArgumentList {
    list.adding(query.kernelWeight, unless: .glorotUniform).adding(query.biasWeight, unless: .zeros)
      .adding("activityRegularizer", activityRegularizer)
  }
}

extension MultiHeadAttention: DescribedLayer {
  var arguments: ArgumentList {
    let own = ArgumentList("numHeads", numHeads).adding("keyDim", keyDim).adding("valueDim", valueDim, unless: keyDim)
      .adding("dropout", dropout, unless: 0).adding("useBias", useBias, unless: true)
      .adding("useGate", useGate, unless: false).adding("units", list: units)
      .adding("attentionAxes", list: attentionAxes).adding("slidingWindow", slidingWindow)
    return attention.addingWeights(
      to: addingOptions(to: own).adding("attentionMaskInput", attentionMaskInput))
  }
}

extension GroupQueryAttention: DescribedLayer {
  var arguments: ArgumentList {
    let own = ArgumentList("headDim", headDim).adding("numQueryHeads", numQueryHeads)
      .adding("numKeyValueHeads", numKeyValueHeads).adding("dropout", dropout, unless: 0)
      .adding("useBias", useBias, unless: true).adding("useGate", useGate, unless: false)
      .adding("slidingWindow", slidingWindow)
    return attention.addingWeights(
      to: addingOptions(to: own).adding("attentionMaskInput", attentionMaskInput))
  }
}

extension Attention: DescribedLayer {
  var arguments: ArgumentList {
    addingOptions(
      to: ArgumentList().adding("useScale", useScale, unless: false)
        .adding("scoreMode", scoreMode == .dot ? nil : ".\(scoreMode)").adding("dropout", dropout, unless: 0))
  }
}

extension AdditiveAttention: DescribedLayer {
  var arguments: ArgumentList {
    addingOptions(to: ArgumentList().adding("useScale", useScale, unless: true).adding("dropout", dropout, unless: 0))
  }
}
