internal import Tensor

/// Where a plan finds a tensor: among the values that it computes, or among the weights.
enum Slot: Hashable, Sendable {
  case value(Int)
  case weight(Int)
}

/// What the elements of a value are.
enum TensorKind: Sendable {
  case reals, masks, integers

  init(_ element: (some TensorScalar).Type) {
    self = element == Bool.self ? .masks : element == Int64.self ? .integers : .reals
  }
}
