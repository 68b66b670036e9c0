/// What holds functions of one's own, which cannot be compared: equal where it is the same object.
package protocol EqualByIdentity: AnyObject, Hashable {}

extension EqualByIdentity {
  package static func == (first: Self, second: Self) -> Bool { first === second }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
