import ArgumentParser
import Tensor

/// The values of pictures that a model was trained on: those of files, or what a `preprocess_input` of Keras's
/// applications makes of them.
enum PictureValues: String, CaseIterable, ExpressibleByArgument {
  case bytes = "0...255"
  case fromZero = "0...1"
  /// Keras's mode "tf".
  case aroundZero = "-1...1"
  case caffe, torch

  /// Whether the values are made from red, green and blue.
  var areOfColours: Bool { self == .caffe || self == .torch }

  /// - Parameter x: a picture [rows, columns, channels] with values 0...255.
  func callAsFunction<Scalar: RealScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
    switch self {
    case .bytes: x
    case .fromZero: x / 255
    case .aroundZero: x / 127.5 - 1
    // Blue, green and red without the means of ImageNet.
    case .caffe: x.flipped(axis: -1) - [103.939, 116.779, 123.68]
    case .torch: (x / 255 - [0.485, 0.456, 0.406]) / [0.229, 0.224, 0.225]
    }
  }
}
