import ArgumentParser
import Foundation

/// For the script that holds the references against mpmath.
struct PrintReference: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference",
    abstract: "Prints what verify takes for exact: value and slope, as the bits of Doubles.",
    discussion: "Reads Floats from standard input, a line each, as the eight hexadecimal digits of their bits.",
    shouldDisplay: false)

  @Flag(help: "The activations instead, each with the parameters of one check.")
  var list = false

  @Argument(help: "An activation.")
  var name: String?

  @Option(help: "Its parameters in their order, separated by commas.")
  var parameters = ""

  func run() throws {
    if list {
      for subject in Subject.all {
        for setting in subject.settings { print(([subject.name] + setting.map { "\($0)" }).joined(separator: " ")) }
      }
      return
    }
    guard let subject = Subject.all.first(where: { $0.name == name }) else {
      throw ValidationError("name one of \(Subject.all.map(\.name).joined(separator: ", "))")
    }
    let parameters = parameters.split(separator: ",").compactMap { Double($0) }
    guard subject.settings.contains(where: { $0.count == parameters.count }) else {
      throw ValidationError("\(subject.name) takes the parameters \(subject.parameterNames.joined(separator: ", "))")
    }
    let reference = subject.reference(parameters.map { Double(Float($0)) })
    while let line = readLine() {
      guard let bits = UInt32(line, radix: 16) else {
        throw ValidationError("expected the bits of a Float in hexadecimal digits, found \"\(line)\"")
      }
      let x = Double(Float(bitPattern: bits))
      let results = [reference.value(x), reference.slope(x)]
      print(results.map { String($0.bitPattern, radix: 16) }.joined(separator: " "))
    }
  }
}
