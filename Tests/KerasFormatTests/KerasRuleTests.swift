import Activations
import Testing

@testable import KerasFormat
@testable import Layers

/// Every rule with parameters is written, and what is written is read.
@Suite struct KerasRuleTests {
  private func check<Rule: Identified & Equatable>(_: Rule.Type) throws {
    for rule in Rule.all {
      guard let value = rule.payload?.value else { continue }
      #expect(value is any KerasRule, "\(rule.identifiers[0])")
      var reader = ParameterReader(rule.identifiers[0], rule.parameters())
      do throws(ConfigurationError) {
        #expect(try rule.read(&reader) == rule, "\(rule.identifiers[0])")
      } catch {
        // Those that have no defaults.
        guard case .parameterOutOfRange = error else { throw error }
      }
    }
  }

  @Test func `every rule's parameters are written and read`() throws {
    try check(Optimizer<Float>.Rule.self)
    try check(Schedule.Rule.self)
    try check(Loss<Float>.Rule.self)
    try check(Metric<Float>.Rule.self)
    try check(Initializer<Float>.Rule.self)
    try check(Constraint<Float>.Rule.self)
    try check(Regularizer<Float>.Rule.self)
  }

  @Test func `an optimizer has a name for each of its slots`() {
    for case .builtIn(let rule) in Optimizer<Float>.Rule.all {
      for shape in [[3], [2, 3], [2, 3, 4]] {
        let names = (rule as? any KerasOptimizer)?.slotNames(for: shape).filter { !$0.isPlaceholder }
        #expect(names?.count == rule.slots(for: shape).count, "\(rule)")
      }
    }
  }
}
