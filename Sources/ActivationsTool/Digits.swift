import Activations
import Layers
import Tensor

/// The handwritten digits and the network's weights, read from a folder of .npy files and checked.
struct Digits {
  static let classes = 10

  let folder: String
  let images: Tensor<Float>
  let labels: Tensor<Int64>?
  let reference: Tensor<Float>?

  /// Other images have neither labels nor reference.
  init(folder: String, images other: String?) throws {
    self.folder = folder
    let path = other ?? folder + "/x_test.npy"
    images = try finiteTensor(path)
    guard images.rank == 2, images.shape[1] == 64 else {
      throw FileError(file: path, expected: "images of the shape [n, 64]", found: images.shape)
    }
    if other != nil {
      labels = nil
      reference = nil
      return
    }
    let count = images.shape[0]
    let labels = try digitLabels(folder + "/y_test.npy", count: count)
    let reference = try finiteTensor(folder + "/keras_probabilities.npy")
    guard reference.shape == [count, Self.classes] else {
      throw FileError(
        file: folder + "/keras_probabilities.npy", expected: "probabilities of the shape [\(count), \(Self.classes)]",
        found: reference.shape)
    }
    self.labels = labels
    self.reference = reference
  }

  /// Two hidden layers with selu, then softmax over the classes.
  func network() throws -> Sequential<Float> {
    let hidden1 = try dense("hidden1", inputs: 64, activation: .selu)
    let hidden2 = try dense("hidden2", inputs: hidden1.kernel.shape[1], activation: .selu)
    let classes = try dense("classes", inputs: hidden2.kernel.shape[1], units: Self.classes, activation: .softmax())
    return Sequential {
      hidden1
      hidden2
      classes
    }
  }

  /// The same network before training, with dropout that keeps mean and variance.
  static func untrainedNetwork(dropout: Double) -> Sequential<Float> {
    Sequential {
      Input(64)
      Dense(128, activation: .selu, kernelInitializer: .lecunNormal).named("hidden1")
      AlphaDropout(dropout)
      Dense(64, activation: .selu, kernelInitializer: .lecunNormal).named("hidden2")
      AlphaDropout(dropout)
      Dense(classes, activation: .softmax, kernelInitializer: .lecunNormal).named("classes")
    }
  }

  private func dense(
    _ name: String, inputs: Int, units: Int? = nil, activation: Activation<Float>
  ) throws -> Dense<Float> {
    let path = folder + "/\(name)"
    let kernel = try finiteTensor(path + ".kernel.npy")
    guard kernel.rank == 2, kernel.shape[0] == inputs, units == nil || kernel.shape[1] == units else {
      throw FileError(
        file: path + ".kernel.npy", expected: "a kernel of the shape [\(inputs), \(units.map(String.init) ?? "units")]",
        found: kernel.shape)
    }
    let bias = try finiteTensor(path + ".bias.npy")
    guard bias.shape == [kernel.shape[1]] else {
      throw FileError(
        file: path + ".bias.npy", expected: "a bias of the shape [\(kernel.shape[1])]", found: bias.shape)
    }
    return Dense(kernel: kernel, bias: bias, activation: activation)
  }
}

/// A file of `count` labels from 0 to 9.
func digitLabels(_ path: String, count: Int) throws -> Tensor<Int64> {
  let labels = try Tensor<Int64>(contentsOf: path)
  guard labels.shape == [count] else {
    throw FileError(file: path, expected: "labels of the shape [\(count)]", found: labels.shape)
  }
  guard labels.isEmpty || (labels.min().scalar >= 0 && labels.max().scalar < Int64(Digits.classes)) else {
    throw FileError(
      file: path, expected: "labels from 0 to \(Digits.classes - 1)",
      found: "\(labels.min().scalar) to \(labels.max().scalar)")
  }
  return labels
}

/// A file of numbers without NaN and infinities.
func finiteTensor(_ path: String) throws -> Tensor<Float> {
  let x = try Tensor<Float>(contentsOf: path)
  if x.isFinite.all().scalar { return x }
  let scalars = x.scalars
  let position = scalars.firstIndex { !$0.isFinite }!
  throw FileError(
    file: path, expected: "finite numbers",
    found: "\(scalars[position]) at position \(position) of the shape \(x.shape)")
}
