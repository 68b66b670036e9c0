import Activations
import Tensor

extension Layer {
  /// The kind of layer with the parameters that are not its defaults, by Keras's names: `Dense(units: 64, activation: relu)`.
  ///
  /// Parameters are those of a ``ConfigurableLayer``; weights are not shown.
  public var description: String {
    let parameters = (self as? any ConfigurableLayer<Scalar>)?.distinctParameters ?? []
    return "\(className)(\(parameters.map { "\($0): \($1.brief)" }.joined(separator: ", ")))"
  }
}

extension Model {
  /// The kind of model, its name and its size: `Sequential(name: sequential, layers: 3)`.
  public var description: String { "\(className)(name: \(name), layers: \(stages.count))" }
}

extension ActivatedLayer {
  /// Both layers.
  public var description: String { "\(layer), activation: \(activation)" }
}

extension ConfigurableLayer {
  /// The parameters without a default, then those that differ from theirs. What the defaults are, a layer says that is read from
  /// no more than it must have.
  fileprivate var distinctParameters: [(name: String, value: Configuration)] {
    let all = layerParameters
    let context = ReadingContext<Scalar>(.keras3, LayerRegistry())
    var needed: [String] = []
    while true {
      let given = all.filter { needed.contains($0.key) }
      var reader = LayerReader<Scalar>(className, given, context)
      do {
        let defaults = try Self(from: &reader).layerParameters
        let others = all.keys.filter { !needed.contains($0) && all[$0] != defaults[$0] }
        return (needed + others.sorted()).compactMap { name in all[name].map { (name, $0) } }
      } catch ConfigurationError.missingParameter(_, let parameter, _)
        where all[parameter] != nil && !needed.contains(parameter)
      {
        needed.append(parameter)
      } catch {
        return all.filter { $0.value != .null }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
      }
    }
  }
}

extension Configuration {
  /// For people: names without quotes, objects of classes as `MaxNorm(axis: 0)`, long lists by their beginning.
  fileprivate var brief: String {
    switch self {
    case .string(let name): return name
    case .list(let values):
      let shown = values.prefix(4).map(\.brief) + (values.count > 4 ? ["… \(values.count) in all"] : [])
      return "[\(shown.joined(separator: ", "))]"
    case .object(let fields):
      let (name, config) = (fields["class_name"]?.asString, fields["config"])
      if let function = config?.asString { return function }
      let parameters = (name == nil ? fields : config?.asObject ?? [:]).filter { $0.value != .null }
      let text = parameters.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.brief)" }.joined(separator: ", ")
      return name.map { text.isEmpty ? $0 : "\($0)(\(text))" } ?? "{\(text)}"
    default: return description
    }
  }
}
