import Activations
import Tensor

/// Rules that have names: Keras's identifiers, in all spellings in which source code and files may have them.
package protocol Identified {
  /// What messages call such a rule: "optimizer".
  static var kind: String { get }
  /// One of each, with its defaults, or fields to be set where there are none.
  static var all: [Self] { get }
  /// Keras's class first, then its function and other names for the same; of what Keras has no class for, its own name.
  var identifiers: [String] { get }
  /// Its parameters, where it has some.
  var payload: Payload<Self>? { get }
}

extension Identified {
  /// What Keras calls such a rule by default: the first identifier without capitals, where there is one.
  package var usualName: String { identifiers.first { $0 == $0.lowercased() } ?? identifiers[0] }

  /// The rule of a name.
  package static func named(_ name: String, ignoringCase: Bool = false) -> Self? {
    func matches(_ other: String) -> Bool {
      other == name || (ignoringCase && other.lowercased() == name.lowercased())
    }
    return all.first { $0.identifiers.contains(where: matches) }
  }

  /// Every name, in alphabetical order.
  package static var names: [String] { all.flatMap(\.identifiers).sorted() }

  /// For source code: parameters that are not allowed stop the program.
  /// - Parameter largestNumber: that of the type that the rule computes in.
  func checked(largestNumber: Double = .greatestFiniteMagnitude) -> Self {
    payload?.value.requireAllowed(identifiers[0], largestNumber: largestNumber)
    return self
  }

  /// For people: a name with the arguments that are not the defaults, `huber(delta: 2.0)`.
  func described(as name: String) -> String {
    guard let value = payload?.value else { return name }
    let usual = Self.all.first { $0.identifiers[0] == identifiers[0] }?.payload?.value
    let arguments = value.arguments(unlikeAny: usual)
    return arguments.isEmpty ? name : "\(name)(\(arguments))"
  }

  /// For source code: a name that nothing has stops the program.
  static func required(_ name: String, ignoringCase: Bool = false) -> Self {
    guard let rule = named(name, ignoringCase: ignoringCase) else { trap(unknownName(name)) }
    return rule
  }

  /// What is to be said of a name that nothing has.
  package static func unknownName(_ name: String) -> String {
    unknownNameText(
      kind: kind, name: name, similar: names.similar(to: name), all: all.map { $0.identifiers[0] })
  }
}

/// The text for a name that nothing has, with those most like it.
package func unknownNameText(kind: String, name: String, similar: [String], all: [String]) -> String {
  let text = "no \(kind) is called \"\(name.shortened(to: 60).onOneLine)\""
  return text + (similar.isEmpty ? "." : "; did you mean \(similar.alternatives)?")
    + " There are \(all.joined(separator: ", "))"
}

/// A rule's parameters, and how the rule is made of others.
package struct Payload<Rule> {
  package let value: any Parameterized
  private let make: (any Parameterized) -> Rule

  init<Value: Parameterized>(_ value: Value, _ make: @escaping (Value) -> Rule) {
    self.value = value
    self.make = { make($0 as! Value) }
  }

  /// The rule with other parameters, which are of the same type.
  package func rule(with value: any Parameterized) -> Rule { make(value) }

  func map<Other>(_ transform: @escaping (Rule) -> Other) -> Payload<Other> {
    let make = make
    return Payload<Other>(erased: value) { transform(make($0)) }
  }

  private init(erased value: any Parameterized, _ make: @escaping (any Parameterized) -> Rule) {
    self.value = value
    self.make = make
  }
}
