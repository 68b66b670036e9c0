import Activations
import KerasFormat
import Layers

/// A layer's name where an activation's is asked for.
struct LayerName: Error, CustomStringConvertible {
  let name: String
  let className: String

  /// None where no layer is called so, in whatever spelling: prelu, p_re_lu, PReLU.
  init?(_ name: String) {
    func letters(_ name: String) -> String { name.replacing("_", with: "").lowercased() }
    guard let className = LayerRegistry<Float>.builtInNames.first(where: { letters($0) == letters(name) }) else {
      return nil
    }
    (self.name, self.className) = (name, className)
  }

  var description: String {
    "\(name.onOneLine) is not an activation but a layer, \(className): it has weights, or a state, or other parameters. "
      + "It stands in models, which predict and train take; list tells the activations"
  }
}

/// Looks an activation up; a layer's name is told as such.
func explainingLayers<Result>(_ body: () throws -> Result) throws -> Result {
  do {
    return try body()
  } catch let error as ActivationError {
    if case .unknownName(let name, _, _) = error, let layer = LayerName(name) { throw layer }
    throw error
  }
}
