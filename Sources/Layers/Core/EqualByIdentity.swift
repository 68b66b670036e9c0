/// What holds functions of one's own, which cannot be compared: equal where it is the same object.
protocol EqualByIdentity: AnyObject, Hashable {}

extension EqualByIdentity {
  static func == (first: Self, second: Self) -> Bool { first === second }
  func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
