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
