/// Where a plan finds a tensor: among the values that it computes, or among the weights.
enum Slot: Hashable, Sendable {
  case value(Int)
  case weight(Int)
}
