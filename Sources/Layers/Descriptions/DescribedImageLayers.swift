import Tensor

// The arguments of layers of images.

extension ArgumentList {
  /// Adds a range; one around 0 is shown as a number, as is one from 0 if numbers stand for these.
  fileprivate func adding(
    _ label: String, _ range: ClosedRange<Double>, from least: Double = -1,
    unless defaultRange: ClosedRange<Double>? = nil
  ) -> Self {
    if range == defaultRange { return self }
    let isNumber = range.lowerBound == max(-range.upperBound, least)
    return isNumber ? adding(label, range.upperBound) : adding(label, "\(range)")
  }

  fileprivate func adding(valueRange: ClosedRange<Double>) -> Self {
    adding("valueRange", "\(valueRange)", unless: "\(0.0...255.0)")
  }
}

extension Resizing: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList("height", height).adding("width", width).adding("interpolation", interpolation, unless: .bilinear)
      .adding("fitting", fitting, unless: .stretch).adding("antialias", antialias, unless: false).adding(dataFormat)
  }
}

extension CenterCrop: DescribedLayer {
  var arguments: ArgumentList { ArgumentList("height", height).adding("width", width).adding(dataFormat) }
}

extension RandomCrop: DescribedLayer {
  var arguments: ArgumentList { ArgumentList("height", height).adding("width", width).adding(dataFormat) }
}

extension RandomFlip: DescribedLayer {
  var arguments: ArgumentList { ArgumentList().adding("mode", mode, unless: .horizontalAndVertical).adding(dataFormat) }
}

extension RandomWarp {
  /// The arguments after the factors.
  fileprivate func described(_ factors: ArgumentList) -> ArgumentList {
    factors.adding("fillMode", fillMode, unless: .reflect).adding("interpolation", interpolation, unless: .bilinear)
      .adding("fillValue", fillValue, unless: 0).adding(dataFormat)
  }
}

extension RandomRotation: DescribedLayer {
  var arguments: ArgumentList { described(ArgumentList().adding("factor", factor)) }
}

extension RandomTranslation: DescribedLayer {
  var arguments: ArgumentList {
    described(ArgumentList().adding("heightFactor", heightFactor).adding("widthFactor", widthFactor))
  }
}

extension RandomZoom: DescribedLayer {
  var arguments: ArgumentList {
    let height = ArgumentList().adding("heightFactor", heightFactor)
    return described(widthFactor.map { height.adding("widthFactor", $0) } ?? height)
  }
}

extension RandomShear: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding("xFactor", xFactor, unless: 0...0).adding("yFactor", yFactor, unless: 0...0)
      .adding("interpolation", interpolation, unless: .bilinear).adding("fillMode", fillMode, unless: .reflect)
      .adding("fillValue", fillValue, unless: 0).adding(dataFormat)
  }
}

extension RandomContrast: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding("factor", factor, from: 0).adding(valueRange: valueRange).adding(dataFormat)
  }
}

extension RandomBrightness: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding("factor", factor).adding(valueRange: valueRange).adding(dataFormat)
  }
}

extension RandomInvert: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding("factor", factor, from: 0, unless: 0...1).adding(valueRange: valueRange).adding(dataFormat)
  }
}

extension RandomColorDegeneration: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding("factor", factor).adding(valueRange: valueRange).adding(dataFormat)
  }
}

extension RandomGrayscale: DescribedLayer {
  var arguments: ArgumentList { ArgumentList().adding("factor", factor, unless: 0.5).adding(dataFormat) }
}

extension RandomSharpness: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding("factor", factor, from: 0).adding(valueRange: valueRange).adding(dataFormat)
  }
}

extension RandomGaussianBlur: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding("factor", factor, from: 0, unless: 0...1)
      .adding("kernelSize", "(\(kernelSize.columns), \(kernelSize.rows))", unless: "(3, 3)")
      .adding("sigma", sigma, from: 0, unless: 0...1).adding(valueRange: valueRange).adding(dataFormat)
  }
}

extension Solarization: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding("additionFactor", additionFactor, from: 0, unless: 0...0)
      .adding("thresholdFactor", thresholdFactor, from: 0, unless: 0...0).adding(valueRange: valueRange)
      .adding(dataFormat)
  }
}

extension RandomErasing: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding("factor", factor, from: 0, unless: 0...1).adding("scale", scale, unless: 0.02...0.33)
      .adding("fillValue", fillValue.map { "\($0)" }).adding(valueRange: valueRange).adding(dataFormat)
  }
}

extension RandomPerspective: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding("factor", factor, from: 0, unless: 0...1).adding("scale", scale, unless: 1)
      .adding("interpolation", interpolation, unless: .bilinear).adding("fillValue", fillValue, unless: 0)
      .adding(dataFormat)
  }
}

extension RandomHue: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding("factor", factor, from: 0).adding(valueRange: valueRange).adding(dataFormat)
  }
}

extension RandomSaturation: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding("factor", factor).adding(valueRange: valueRange).adding(dataFormat)
  }
}

extension RandomColorJitter: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding(valueRange: valueRange).adding("brightnessFactor", brightnessFactor)
      .adding("contrastFactor", contrastFactor).adding("saturationFactor", saturationFactor)
      .adding("hueFactor", hueFactor).adding(dataFormat)
  }
}

extension RandomPosterization: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList("factor", factor).adding(valueRange: valueRange).adding(dataFormat)
  }
}

extension AutoContrast: DescribedLayer {
  var arguments: ArgumentList { ArgumentList().adding(valueRange: valueRange) }
}

extension Equalization: DescribedLayer {
  var arguments: ArgumentList {
    ArgumentList().adding(valueRange: valueRange).adding("bins", bins, unless: 256).adding(dataFormat)
  }
}
