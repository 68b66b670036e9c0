import Activations
import ArgumentParser
import Foundation
import Tensor

/// The input of the scripts that compare with mpmath: the activations and parameters to check, and the exact results of `verify`.
struct PrintReference: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference",
    abstract: "Prints verify's exact results: value and slope, as the bits of Doubles.",
    discussion: "Reads Floats from standard input, one per line, as the eight hexadecimal digits of their bits.",
    shouldDisplay: false)

  @Flag(help: "Print the activations and parameters that are checked, as JSON.")
  var list = false

  @Argument(help: "An activation with parameters, as named by --list.")
  var title: String?

  private struct Entry: Encodable {
    /// `elu(alpha: 0.3)`
    let title: String
    /// `elu`; the tanh form of gelu has a separate name.
    let name: String
    let activation: String
    /// The parameters of each precision, by Keras's names; `nil` if the kernel contains exact numbers.
    let float: [String: Configuration]
    let double: [String: Configuration]
    /// The parameters that are not defaults.
    let given: [String: Configuration]
    /// The points where pieces meet or the slope is zero.
    let kinks: [Double]
    let root: Double?
    /// The largest permitted errors of value and slope in Double.
    let bounds: [Double]

    init(_ variant: Variant) {
      title = variant.title
      name = variant.name
      activation = variant.definition.name
      float = variant.parameters(for: .float)
      double = variant.parameters(for: .double)
      given = variant.given
      let reference = variant.reference(for: .double)
      kinks = reference.kinks.filter(\.isFinite)
      root = reference.slopeRoot
      bounds = [Direction.value, .slope].map { $0.bound(variant.definition).double }
    }
  }

  func run() throws {
    if list { return try printJSON(Variant.all.map { Entry($0) }) }
    guard let variant = Variant.all.first(where: { $0.title == title }) else {
      throw ValidationError("name one of \(Variant.all.map(\.title).joined(separator: ", "))")
    }
    let reference = variant.reference(for: .float)
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
