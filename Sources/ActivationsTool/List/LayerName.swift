import Activations
import KerasFormat
import Layers

/// A layer's name used in place of an activation's.
struct LayerName: Error, CustomStringConvertible {
  let name: String
  let className: String

  /// `nil` if no layer has the name, in any spelling: prelu, p_re_lu, PReLU.
  init?(_ name: String) {
    func letters(_ name: String) -> String { name.replacing("_", with: "").lowercased() }
    guard let className = LayerRegistry<Float>.builtInNames.first(where: { letters($0) == letters(name) }) else {
      return nil
    }
    (self.name, self.className) = (name, className)
  }

  var description: String {
    "\(name.onOneLine) is not an activation but a layer, \(className): it has weights, or a state, or other parameters. "
      + "Use it in models, with predict and train; list shows the activations"
  }
}

/// Looks up an activation; the error for a layer's name says that it is one.
func explainingLayers<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as ActivationError {
    if case .unknownName(let name, _, _) = error, let layer = LayerName(name) { throw layer }
    throw error
  }
}
