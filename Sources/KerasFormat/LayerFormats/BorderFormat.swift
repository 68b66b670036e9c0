public import Activations
public import Layers
import Tensor

extension ZeroPadding where Self: ConfigurableLayer {
  /// All parameters by Keras's names.
  public var layerParameters: [String: Configuration] {
    [
      "padding": Configuration(borders: padding),
      "data_format": .string(dataFormat.rawValue),
    ]
  }

  /// Creates the layer from its parameters.
  /// - Throws: ``ConfigurationError``.
  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      padding: try reader.borders("padding", Self.spatialRank, default: 1),
      dataFormat: try reader.choice("data_format", default: .channelsLast))
  }
}

extension ZeroPadding1D: ConfigurableLayer {}
extension ZeroPadding2D: ConfigurableLayer {}
extension ZeroPadding3D: ConfigurableLayer {}

extension Cropping1D: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { ["cropping": Configuration(borders: cropping)] }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(cropping: try reader.borders("cropping", 1, default: 1))
  }
}

extension Cropping2D: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { croppingParameters }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      cropping: try reader.borders("cropping", 2, default: 0),
      dataFormat: try reader.choice("data_format", default: .channelsLast))
  }
}

extension Cropping3D: ConfigurableLayer {
  public var layerParameters: [String: Configuration] { croppingParameters }

  public init(from reader: inout LayerReader<Scalar>) throws {
    self.init(
      cropping: try reader.borders("cropping", 3, default: 1),
      dataFormat: try reader.choice("data_format", default: .channelsLast))
  }
}

extension Cropping {
  fileprivate var croppingParameters: [String: Configuration] {
    ["cropping": Configuration(borders: cropping), "data_format": .string(dataFormat.rawValue)]
  }
}

extension Configuration {
  /// Writes the pair of a single axis by itself.
  fileprivate init(borders: [(before: Int, after: Int)]) {
    let pairs = borders.map { Configuration([$0.before, $0.after]) }
    self = pairs.count == 1 ? pairs[0] : .list(pairs)
  }
}

extension LayerReader {
  /// Reads what is added or removed at both ends of each axis: an integer for all, or for each axis an integer or a
  /// pair. The pair of a single axis is by itself.
  fileprivate mutating func borders(
    _ parameter: String, _ rank: Int, default defaultWidth: Int
  ) throws(ConfigurationError) -> [(before: Int, after: Int)] {
    guard let given = configuration(parameter) else {
      return [(before: Int, after: Int)](repeating: (defaultWidth, defaultWidth), count: rank)
    }
    func pair(_ configuration: Configuration) -> (before: Int, after: Int)? {
      let widths = (configuration.asList ?? [configuration, configuration]).map { $0.asInteger ?? -1 }
      return widths.count == 2 && widths.allSatisfy { $0 >= 0 } ? (widths[0], widths[1]) : nil
    }
    let elements = rank > 1 ? given.asList ?? [Configuration](repeating: given, count: rank) : [given]
    let pairs = elements.compactMap(pair)
    guard pairs.count == rank && elements.count == rank else {
      let forms = rank == 1 ? "integers and pairs" : "integers, lists of \(rank) integers and lists of \(rank) pairs"
      throw outOfRange(parameter, given.description, "\(forms), all of at least 0")
    }
    return pairs
  }
}
