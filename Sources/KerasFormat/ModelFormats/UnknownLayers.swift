public import Activations
import Layers
public import Tensor

/// All layers and functions of a model's configuration that are neither known here nor registered.
public struct UnknownLayers: Error, Hashable, Sendable {
  /// Where a class comes from, which says what can be done.
  @nonexhaustive
  public enum Origin: String, Hashable, Sendable {
    /// A layer of Keras that this package has not.
    case keras
    /// One of `keras.ops` that this package has not.
    case function
    /// A layer whose computation is Python code in the file.
    case python
    /// A layer of somebody's own.
    case custom
  }

  /// A class, and how often it stands in the configuration.
  public struct Entry: Hashable, Sendable {
    /// The name of the class, of custom ones with its package, of functions with its module.
    public let name: String
    /// The number of its layers in the model and in the models within it.
    public fileprivate(set) var count: Int
    /// Where the class comes from.
    public let origin: Origin
  }

  /// The classes, in the order of the configuration.
  public private(set) var entries: [Entry] = []
  /// The known names that are similar to the only class.
  private var similar: [String] = []

  init?(_ layers: [LayerEntry], known: [String]) {
    if layers.isEmpty { return nil }
    var places: [ExactName: Int] = [:]
    for layer in layers {
      let name = layer.nameAmongUnknown
      if let place = places[ExactName(name)] {
        entries[place].count += 1
      } else {
        places[ExactName(name)] = entries.count
        entries.append(Entry(name: name, count: 1, origin: layer.origin))
      }
    }
    if entries.count == 1 { similar = known.similar(to: layers[0].className) }
  }
}

extension UnknownLayers.Entry {
  /// What can be done.
  public var remedy: String {
    switch origin {
    case .keras: "a layer of Keras that is missing in this package; register one of this name"
    case .function: "a function of Keras that is missing in this package"
    case .python: "Python code; write it as a layer, and register that under this name"
    case .custom: "register a layer of this name"
    }
  }
}

extension UnknownLayers: CustomStringConvertible {
  /// The classes with their numbers, and what can be done: `no layer is called "GRU" (2 times) or "Halved". …`
  public var description: String {
    let names = entries.prefix(20).map { entry in
      "\"\(entry.name.shortened(to: 60).onOneLine)\"" + (entry.count == 1 ? "" : " (\(entry.count) times)")
    }
    let more = entries.count > 20 ? ["\(entries.count - 20) more"] : []
    return "no layer is called \((names + more).alternatives)"
      + (similar.isEmpty ? "" : "; did you mean \(similar.alternatives)?") + advice
  }

  private var advice: String {
    func names(_ origin: Origin) -> String? {
      let names = entries.filter { $0.origin == origin }.prefix(20).map { $0.name.shortened(to: 60).onOneLine }
      return names.isEmpty ? nil : names.joined(separator: ", ")
    }
    let sentences = [
      names(.keras).map { "Missing in this package: \($0)" },
      names(.function).map { "Missing among the functions: \($0)" },
      names(.python).map { "Python code in the file, which is to be written as a layer: \($0)" },
      "Layers of these names can be registered in a LayerRegistry",
    ]
    return (similar.isEmpty ? ". " : " ") + sentences.compactMap(\.self).joined(separator: ". ")
  }
}

extension LayerEntry {
  fileprivate var nameAmongUnknown: String {
    if isOperation { return "\(module ?? "").\(className)" }
    return (isCustom ? registeredName : nil) ?? className
  }

  fileprivate var origin: UnknownLayers.Origin {
    if isOperation { return .function }
    if builtInName == "Lambda" && !isCustom { return .python }
    return !isCustom && module?.hasPrefix("keras") == true ? .keras : .custom
  }

  /// The layers that a wrapping layer contains.
  var wrappedLayers: [LayerEntry] {
    let values = ["layer", "backward_layer", "cell", "cells"].flatMap { field -> [Configuration] in
      guard let value = config[field] else { return [] }
      return value.asList ?? [value]
    }
    return values.compactMap { $0["class_name"] == nil ? nil : try? LayerEntry($0, at: place) }
  }
}

extension ReadingContext {
  /// The layers of unknown classes of a model, those of the models and wrapping layers in it included, with the place of
  /// the first.
  func unknownLayers(_ model: LayerEntry) -> (layers: UnknownLayers, place: String)? {
    var unknown: [LayerEntry] = []
    var outer = [(entry: model, depth: 0)]
    while let (entry, depth) = outer.popLast() {
      // An invalid form is reported where it is read.
      let entries =
        entry.modelClass == nil ? entry.wrappedLayers : (try? ModelReader<Scalar>.entries(of: entry)) ?? []
      let masks = MaskOperations(entries, of: entry)
      for entry in entries where !entry.isInput && !masks.contains(entry) {
        if !isKnown(entry) { unknown.append(entry) }
        if registered(entry) == nil, depth < Self.greatestDepth { outer.append((entry, depth + 1)) }
      }
    }
    let known = Array(builtIn.keys) + ["Functional", "Sequential"] + registry.names
    return UnknownLayers(unknown, known: known).map { ($0, unknown[0].place) }
  }
}

/// The layers and functions of a model's configuration that are neither known here nor registered; `nil` if all are.
/// - Throws: ``ModelConfigurationError`` if it is no model's configuration.
public func unknownLayers<Scalar: RealScalar>(
  configuration: Configuration, registry: LayerRegistry<Scalar>
) throws(ModelConfigurationError) -> UnknownLayers? {
  try ReadingContext(.keras3, registry).unknownLayers(LayerEntry(configuration, at: ""))?.layers
}
