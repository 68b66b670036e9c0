package import Activations

// Numbers as Keras writes them.

extension Configuration {
  package init(_ number: Double?) { self = number.map { .number($0) } ?? .null }
  package init(_ integer: Int?) { self = integer.map { .integer($0) } ?? .null }
  package init(_ integers: [Int]?) { self = integers.map { .list($0.map { .integer($0) }) } ?? .null }

  /// Writes one axis by itself, several in a list.
  package init(axisOrAxes axes: [Int]) { self = axes.count == 1 ? .integer(axes[0]) : Configuration(axes) }

  /// Writes lengths, with null for those determined by the input.
  package init(lengths: [Int?]?) { self = lengths.map { .list($0.map { Configuration($0) }) } ?? .null }
}
