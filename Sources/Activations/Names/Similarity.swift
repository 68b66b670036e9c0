extension [String] {
  /// Up to three of these names that differ in few letters from another, the nearest first.
  package func similar(to name: String) -> [String] {
    let allowance = Swift.max(2, name.count / 3)
    let near = map { (name: $0, distance: editDistance($0.lowercased(), name.lowercased())) }
      .filter { $0.distance <= allowance }
    return near.sorted { $0.distance < $1.distance }.prefix(3).map(\.name)
  }

  /// The names as a sentence offers them: "elu, selu or gelu".
  package var alternatives: String {
    count < 2 ? joined() : dropLast().joined(separator: ", ") + " or " + last!
  }
}

/// How many letters have to be inserted, removed or replaced to make one word of the other.
/// Source: Wagner, Fischer, "The string-to-string correction problem", Journal of the ACM 21, 1974.
func editDistance(_ first: String, _ second: String) -> Int {
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
