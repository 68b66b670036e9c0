internal import Tensor

/// The place of a tensor in a plan: among the values that it computes, among the weights, or among the constants.
enum Slot: Hashable, Sendable {
  case value(Int)
  case weight(Int)
  case constant(Int)
}

/// The kind of a value's elements.
enum TensorKind: Sendable {
  case reals, masks, integers

  init(_ element: (some TensorScalar).Type) {
    self = element == Bool.self ? .masks : element == Int64.self ? .integers : .reals
  }
}
