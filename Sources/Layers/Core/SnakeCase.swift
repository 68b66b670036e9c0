/// Keras's names of classes in files: `LeakyReLU` is `leaky_re_lu`, `Conv2D` is `conv2d`.
package func snakeCase(_ className: String) -> String {
  let letters = Array(className)
  var result = ""
  for (index, letter) in letters.enumerated() {
    let isStart =
      index > 0 && letter.isUppercase
      && (letters[index - 1].isLowercase || index + 1 < letters.count && letters[index + 1].isLowercase)
    result += (isStart ? "_" : "") + letter.lowercased()
  }
  return result
}

/// A layer whose class has another name in Keras's Python than in configurations.
protocol DifferentlyNamedLayer {
  static var pythonName: String { get }
}

extension Layer {
  /// Keras's name of layers without one, and of their groups in files: `dense`.
  package var defaultName: String { snakeCase((Self.self as? any DifferentlyNamedLayer.Type)?.pythonName ?? className) }
}
