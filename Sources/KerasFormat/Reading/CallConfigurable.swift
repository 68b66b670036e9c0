public import Activations
import Layers
import Tensor

/// How Keras calls a layer in a functional model: `attention(query, value, use_causal_mask=True)`.
public struct LayerCall: Hashable, Sendable {
  /// Keras's names of the tensors, in the order of the layer's inputs. A name is repeated for each tensor of a list, and
  /// the last one is that of all further inputs.
  public var inputs: [String]
  /// The arguments that are no tensors, without those that are null or false, the defaults of all.
  public var options: [String: Configuration]

  /// Creates a call with these tensors and options.
  public init(inputs: [String], options: [String: Configuration] = [:]) {
    self.inputs = inputs
    self.options = options
  }

  /// The names of that many inputs.
  func names(_ count: Int) -> [String] {
    (0..<count).map { inputs[min($0, inputs.count - 1)] }
  }
}

extension LayerCall: CustomStringConvertible {
  /// The names of the tensors and of the options: `query, value, use_causal_mask`.
  public var description: String { (inputs + options.keys.sorted()).joined(separator: ", ").onOneLine }
}

/// A layer that Keras calls with tensors under names, or with options.
///
/// The layer lists the names of all tensors that a call may take, in the order of its inputs. A recurrent layer needs no
/// more than `["sequences", "initial_state"]`, as all its inputs behind the first are states.
///
/// A layer with inputs that may be absent, or with options, keeps what it is told by ``setCall(_:)``, and gives it back
/// in ``layerCall``.
public protocol CallConfigurable<Scalar>: ConfigurableLayer {
  /// Keras's names of the tensors that a call may take, in the order of Keras's arguments.
  static var inputNames: [String] { get }

  /// How Keras calls the layer; by default, with a tensor for each of ``inputNames`` and further ones under the last of
  /// them.
  var layerCall: LayerCall { get }

  /// Prepares the layer for such a call. Calls with fewer tensors may occur, but they begin with the same ones. By
  /// default, only calls like ``layerCall`` are accepted.
  /// - Throws: an error that describes what is allowed.
  mutating func setCall(_ call: LayerCall) throws
}

extension CallConfigurable {
  public var layerCall: LayerCall { LayerCall(inputs: Self.inputNames) }

  public mutating func setCall(_ call: LayerCall) throws {
    let allowed = layerCall
    guard call.inputs == allowed.names(call.inputs.count) else {
      throw ModelConfigurationError(
        expected: "the tensors \(allowed.inputs.joined(separator: ", ")) in a call of \(className)",
        found: call.inputs.joined(separator: ", "))
    }
    if let option = call.options.keys.min() {
      throw ModelConfigurationError(
        expected: "no arguments except tensors",
        found: "\(option.onOneLine): \(call.options[option]!.shortened)")
    }
  }
}
