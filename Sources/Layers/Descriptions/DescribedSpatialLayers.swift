import Tensor

// The arguments of layers of sequences, images and volumes.

extension ArgumentList {
  /// Adds lengths unless they are all the default; equal ones are shown as one.
  func adding(_ label: String, lengths: [Int], unless defaultLength: Int? = nil) -> Self {
    if lengths.allSatisfy({ $0 == lengths[0] }) { return adding(label, lengths[0], unless: defaultLength ?? -1) }
    return adding(label, list: lengths)
  }

  /// Adds widths of borders unless they are all the default; equal ones on both sides are shown as one.
  func adding(_ label: String, _ borders: [(before: Int, after: Int)], unless defaultWidth: Int) -> Self {
    if borders.allSatisfy({ $0.before == $0.after }) {
      return adding(label, lengths: borders.map(\.before), unless: defaultWidth)
    }
    return adding(label, "[\(borders.map { "(\($0.before), \($0.after))" }.joined(separator: ", "))]")
  }

  func adding(_ format: DataFormat) -> Self { adding("dataFormat", format, unless: .channelsLast) }
}

extension DescribedLayer where Self: Pooling {
  var arguments: ArgumentList {
    let size = ArgumentList().adding("poolSize", lengths: poolSize, unless: self is any MaxPooling ? 2 : nil)
    return (strides == poolSize ? size : size.adding("strides", lengths: strides))
      .adding("padding", padding.rawValue, unless: WindowPadding.valid.rawValue).adding(dataFormat)
  }
}

extension MaxPooling1D: DescribedLayer {}
extension MaxPooling2D: DescribedLayer {}
extension MaxPooling3D: DescribedLayer {}
extension AveragePooling1D: DescribedLayer {}
extension AveragePooling2D: DescribedLayer {}
extension AveragePooling3D: DescribedLayer {}

extension DescribedLayer where Self: GlobalPooling {
  var arguments: ArgumentList { ArgumentList().adding(dataFormat).adding("keepdims", keepdims, unless: false) }
}

extension GlobalMaxPooling1D: DescribedLayer {}
extension GlobalMaxPooling2D: DescribedLayer {}
extension GlobalMaxPooling3D: DescribedLayer {}
extension GlobalAveragePooling1D: DescribedLayer {}
extension GlobalAveragePooling2D: DescribedLayer {}
extension GlobalAveragePooling3D: DescribedLayer {}

extension DescribedLayer where Self: AdaptivePooling {
  var arguments: ArgumentList { ArgumentList().adding("outputSize", lengths: outputSize).adding(dataFormat) }
}

extension AdaptiveMaxPooling1D: DescribedLayer {}
extension AdaptiveMaxPooling2D: DescribedLayer {}
extension AdaptiveMaxPooling3D: DescribedLayer {}
extension AdaptiveAveragePooling1D: DescribedLayer {}
extension AdaptiveAveragePooling2D: DescribedLayer {}
extension AdaptiveAveragePooling3D: DescribedLayer {}

extension DescribedLayer where Self: ZeroPadding {
  var arguments: ArgumentList { ArgumentList().adding("padding", padding, unless: 1).adding(dataFormat) }
}

extension ZeroPadding1D: DescribedLayer {}
extension ZeroPadding2D: DescribedLayer {}
extension ZeroPadding3D: DescribedLayer {}

extension DescribedLayer where Self: Cropping {
  var arguments: ArgumentList {
    ArgumentList().adding("cropping", cropping, unless: Self.spatialRank == 2 ? 0 : 1).adding(dataFormat)
  }
}

extension Cropping1D: DescribedLayer {}
extension Cropping2D: DescribedLayer {}
extension Cropping3D: DescribedLayer {}

extension DescribedLayer where Self: UpSampling {
  var arguments: ArgumentList {
    ArgumentList().adding("size", lengths: size, unless: 2).adding(dataFormat)
      .adding("interpolation", interpolation, unless: .nearest)
  }
}

extension UpSampling1D: DescribedLayer {}
extension UpSampling2D: DescribedLayer {}
extension UpSampling3D: DescribedLayer {}
