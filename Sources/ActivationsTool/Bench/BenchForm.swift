/// The form of an activation's call.
enum BenchForm: String, CaseIterable {
  /// The result in new memory; the input stays alive.
  case plain
  /// The pullback of an upstream gradient, with input and output; all stay alive.
  case grad
  /// In the input's own memory.
  case inplace
  /// On every second element.
  case strided

  /// The prefix of the operation's name.
  var prefix: String { self == .plain ? "" : rawValue + ":" }
}
