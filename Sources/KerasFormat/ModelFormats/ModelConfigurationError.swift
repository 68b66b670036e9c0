import Activations
import Layers
import Tensor

/// What is wrong with the configuration of a model, and where.
public struct ModelConfigurationError: Error, Sendable {
  /// The layer, of models within models with those around it: `layers[2] (Sequential "encoder"), layers[0] (Dense "code")`;
  /// empty for what concerns the model as a whole.
  public private(set) var place: String
  /// A ``ConfigurationError``, an ``/Activations/ActivationError``, a ``/Layers/LayerError`` or ``ModelConfigurationError/Reason``.
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

  /// What the form of the configuration is not.
  public struct Reason: Error, Hashable, Sendable, CustomStringConvertible {
    /// What should have been there.
    public let expected: String
    /// What was there.
    public let found: String
    public var description: String { "expected is \(expected), found is \(found)" }
  }
}

extension ModelConfigurationError: CustomStringConvertible {
  /// One line, in which what is long is cut: `layers[3] (Dense "out"): Dense: units is 0, allowed are integers from 1 on`.
  public var description: String { (place.isEmpty ? "" : place + ": ") + "\(cause)".shortened(to: 2000).onOneLine }
}
