import Activations
import Tensor

/// Rules with names: Keras's identifiers, in all spellings that source code and files may use.
package protocol Identified {
  /// The kind of rule in messages: "optimizer".
  static var kind: String { get }
  /// One rule of each kind, with its defaults, or with fields to be set if there are none.
  static var all: [Self] { get }
  /// Keras's class first, then its function and other names for the same rule; if Keras has no class, the rule's own
  /// name.
  var identifiers: [String] { get }
  /// The rule's parameters, if it has any.
  var payload: Payload<Self>? { get }
}

extension Identified {
  /// Keras's usual name for the rule: the first identifier without capitals, if there is one.
  package var usualName: String { identifiers.first { $0 == $0.lowercased() } ?? identifiers[0] }

  /// The rule with a name.
  package static func named(_ name: String, ignoringCase: Bool = false) -> Self? {
    func matches(_ other: String) -> Bool {
      other == name || (ignoringCase && other.lowercased() == name.lowercased())
    }
    return all.first { $0.identifiers.contains(where: matches) }
  }

  /// Every name, in alphabetical order.
  package static var names: [String] { all.flatMap(\.identifiers).sorted() }

  /// For source code: invalid parameters stop the program.
  /// - Parameter largestNumber: the largest number of the type in which the rule computes.
  func checked(largestNumber: Double = .greatestFiniteMagnitude) -> Self {
    payload?.value.requireAllowed(identifiers[0], largestNumber: largestNumber)
    return self
  }

  /// A name with the arguments that differ from their defaults: `huber(delta: 2.0)`.
  func described(as name: String) -> String {
    guard let value = payload?.value else { return name }
    let usual = Self.all.first { $0.identifiers[0] == identifiers[0] }?.payload?.value
    let arguments = value.arguments(unlikeAny: usual)
    return arguments.isEmpty ? name : "\(name)(\(arguments))"
  }

  /// For source code: an unknown name stops the program.
  static func required(_ name: String, ignoringCase: Bool = false) -> Self {
    guard let rule = named(name, ignoringCase: ignoringCase) else { trap(unknownName(name)) }
    return rule
  }

  /// The message for an unknown name.
  package static func unknownName(_ name: String) -> String {
    unknownNameText(
      kind: kind, name: name, similar: names.similar(to: name), all: all.map { $0.identifiers[0] })
  }
}

/// The message for an unknown name, with the most similar known ones.
package func unknownNameText(kind: String, name: String, similar: [String], all: [String]) -> String {
  let text = "no \(kind) is called \"\(name.shortened(to: 60).onOneLine)\""
  return text + (similar.isEmpty ? "." : "; did you mean \(similar.alternatives)?")
    + " There are \(all.joined(separator: ", "))"
}

/// A rule's parameters, and how to create the rule from others.
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
