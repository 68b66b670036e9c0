import Activations
import Layers
import Tensor

/// An error in the configuration of a model, with its place.
public struct ModelConfigurationError: Error, Sendable {
  /// The layer, including the enclosing ones in nested models: `layers[2] (Sequential "encoder"), layers[0] (Dense
  /// "code")`; empty if the error concerns the whole model.
  public private(set) var place: String
  /// A ``ConfigurationError``, ``UnknownLayers``, an ``/Activations/ActivationError``, a ``/Layers/LayerError`` or ``ModelConfigurationError/Reason``.
  public let cause: any Error

  init(_ cause: any Error, place: String = "") {
    if let error = cause as? ModelConfigurationError {
      self.place = place.isEmpty || error.place.isEmpty ? place + error.place : "\(place), \(error.place)"
      self.cause = error.cause
    } else {
      self.place = place
      self.cause = cause
    }
  }

  init(expected: String, found: String, place: String = "") {
    self.init(Reason(expected: expected, found: found), place: place)
  }

  /// An unexpected form of the configuration.
  public struct Reason: Error, Hashable, Sendable, CustomStringConvertible {
    /// A description of what was expected.
    public let expected: String
    /// A description of what was found.
    public let found: String
    public var description: String { "expected \(expected), found \(found)" }
  }
}

extension ModelConfigurationError: CustomStringConvertible {
  /// The error on one line, with long parts truncated: `layers[3] (Dense "out"): Dense: units is 0; allowed: integers
  /// of at least 1`.
  public var description: String { (place.isEmpty ? "" : place + ": ") + "\(cause)".shortened(to: 2000).onOneLine }
}
