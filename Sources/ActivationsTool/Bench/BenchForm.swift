/// How an activation is called.
enum BenchForm: String, CaseIterable {
  /// The result in memory of its own, the input still held.
  case plain
  /// The pullback of an upstream gradient, given input and output, all of them held.
  case grad
  /// Into the input's own memory.
  case inplace
  /// Of every second element.
  case strided

  /// What stands before the name of the operation.
  var prefix: String { self == .plain ? "" : rawValue + ":" }
}
