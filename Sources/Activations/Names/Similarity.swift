extension [String] {
  /// Up to three of these names that differ in few letters from another, the nearest first: of up to three letters in one,
  /// of up to eight in two, of more in a third of them, and in four at most. A name that comes from a file may be long: it is
  /// compared with names of its length alone.
  package func similar(to name: String) -> [String] {
    let length = name.utf8.count
    let allowance = length < 2 ? 0 : length <= 3 ? 1 : length <= 8 ? 2 : Swift.min(length / 3, 4)
    let near = compactMap { other -> (name: String, distance: Int)? in
      guard abs(other.utf8.count - length) <= allowance else { return nil }
      let distance = editDistance(other.lettersInLowerCase, name.lettersInLowerCase)
      return distance <= allowance ? (other, distance) : nil
    }
    return near.sorted { $0.distance < $1.distance }.prefix(3).map(\.name)
  }

  /// The names as a sentence offers them: "elu, selu or gelu".
  package var alternatives: String {
    count < 2 ? joined() : dropLast().joined(separator: ", ") + " or " + last!
  }
}

extension String {
  fileprivate var lettersInLowerCase: [Character] { Array(lowercased()) }
}

/// How many letters have to be inserted, removed or replaced to make one word of the other.
/// Source: Wagner, Fischer, "The string-to-string correction problem", Journal of the ACM 21, 1974.
private func editDistance(_ first: [Character], _ second: [Character]) -> Int {
  var previous = Array(0...second.count)
  for (row, letter) in first.enumerated() {
    var current = [row + 1]
    for (column, other) in second.enumerated() {
      let replaced = previous[column] + (letter == other ? 0 : 1)
      current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
    }
    previous = current
  }
  return previous[second.count]
}
