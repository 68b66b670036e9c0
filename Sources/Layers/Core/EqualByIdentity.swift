/// An object that contains custom functions, which cannot be compared: it equals only itself.
package protocol EqualByIdentity: AnyObject, Hashable {}

extension EqualByIdentity {
  package static func == (first: Self, second: Self) -> Bool { first === second }
  package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
