extension CategoryEncoding: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList("numTokens", numTokens).adding("outputMode", outputMode, unless: .multiHot)
  }
}

extension Discretization: DescribedLayer {
  var arguments: ArgumentList {
    let first =
      numBins.map { ArgumentList("numBins", $0) }
      ?? ArgumentList("binBoundaries", "\(binBoundaries?.count ?? 0) numbers")
    return first.adding("epsilon", epsilon, unless: 0.01).adding("outputMode", outputMode, unless: .integer)
  }
}

extension Hashing: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList("numBins", numBins).adding("maskValue", maskValue).adding("salt", list: salt)
      .adding("outputMode", outputMode, unless: .integer)
  }
}

extension HashedCrossing: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList("numBins", numBins).adding("outputMode", outputMode, unless: .integer)
  }
}

extension IntegerLookup: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList("vocabulary", "\(vocabulary.count) tokens").adding("maxTokens", table.options.maxTokens)
      .adding("numOOVIndices", table.options.oovCount, unless: 1).adding("maskToken", table.options.mask)
      .adding("oovToken", table.options.oov, unless: -1).adding("invert", invert, unless: false)
      .adding("outputMode", table.options.output, unless: .integer)
      .adding("padToMaxTokens", table.options.isPadded, unless: false)
  }
}

extension StringLookup: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList("vocabulary", "\(vocabulary.count) tokens").adding("maxTokens", table.options.maxTokens)
      .adding("numOOVIndices", table.options.oovCount, unless: 1)
      .adding("maskToken", table.options.mask.map { String(decoding: $0, as: UTF8.self).debugDescription })
      .adding("outputMode", table.options.output, unless: .integer)
      .adding("padToMaxTokens", table.options.isPadded, unless: false).adding("salt", list: salt)
  }
}

extension TextVectorization: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList("vocabulary", "\(vocabulary.count) tokens").adding("maxTokens", table.options.maxTokens)
      .adding("standardize", standardize?.rawValue ?? "nil", unless: Standardization.lowerAndStripPunctuation.rawValue)
      .adding("split", split?.rawValue ?? "nil", unless: Split.whitespace.rawValue).adding("ngrams", list: ngrams)
      .adding("outputMode", table.options.output, unless: .integer)
      .adding("outputSequenceLength", outputSequenceLength)
      .adding("padToMaxTokens", table.options.isPadded, unless: false)
  }
}
