import Foundation
import Tensor

/// The results of a check on the instruction sets.
struct Finding {
  let check: Check
  let tallies: [(instructionSet: String, tally: Tally)]

  var isKept: Bool { tallies.allSatisfy { $0.tally.isWithin(check.bound) } }

  /// The report as text; instruction sets with the same results share a line.
  var lines: [String] {
    var groups: [(names: [String], tally: Tally)] = []
    for (name, tally) in tallies {
      if let same = groups.firstIndex(where: { $0.tally == tally }) {
        groups[same].names.append(name)
      } else {
        groups.append(([name], tally))
      }
    }
    return groups.flatMap { group in
      let tally = group.tally
      var label = "\(check.title) \(check.direction.rawValue)"
      if check.precision == .double { label += " (Double)" }
      let share = 100 * Double(tally.notCorrectlyRounded) / Double(max(tally.results, 1))
      let figures = String(format: "%11.4g ulp  %7.3g %% not correctly rounded", tally.largestError, share)
      let place = tally.worst.map { "  largest at \(describe($0))" } ?? ""
      let names = group.names.joined(separator: ", ")
      let first =
        label.padding(toLength: max(48, label.count), withPad: " ", startingAt: 0) + figures
        + "  [\(names)]" + place + (tally.largestError > check.bound ? "  BEYOND \(check.bound.short)" : "")
      let broken = tally.broken.sorted { $0.key.rawValue < $1.key.rawValue }.map { rule, occurrences in
        "    BROKEN: \(rule.rawValue): \(occurrences.count) times, first at \(describe(occurrences.first))"
      }
      return [first] + broken
    }
  }

  /// One JSON object for each instruction set.
  var json: [String] {
    tallies.map { name, tally in
      var fields = [
        #""activation": "\#(check.activation)""#, #""title": "\#(check.title)""#,
        #""what": "\#(check.direction.rawValue)""#, #""type": "\#(check.precision.rawValue)""#,
        #""instruction_set": "\#(name)""#, #""results": \#(tally.results)"#,
        #""largest_error_ulp": \#(String(format: "%.6g", tally.largestError))"#,
        #""bound_ulp": \#(check.bound.short)"#, #""not_correctly_rounded": \#(tally.notCorrectlyRounded)"#,
      ]
      if let worst = tally.worst {
        fields += [
          #""input": "\#(worst.input)""#, #""input_bits": "\#(bits(worst.input))""#, #""exact": "\#(worst.exact)""#,
          #""computed": "\#(worst.computed)""#,
        ]
      }
      let broken = tally.broken.sorted { $0.key.rawValue < $1.key.rawValue }.map {
        #""\#($0.key.rawValue)": \#($0.value.count)"#
      }
      fields.append(#""broken": {\#(broken.joined(separator: ", "))}"#)
      fields.append(#""kept": \#(tally.isWithin(check.bound))"#)
      return "{" + fields.joined(separator: ", ") + "}"
    }
  }

  private func describe(_ sample: Sample) -> String {
    if check.precision == .double {
      return "\(sample.input) (\(bits(sample.input))): exact \(sample.exact), computed \(sample.computed)"
    }
    return "\(Float(sample.input)) (\(bits(sample.input))): exact \(sample.exact), computed \(Float(sample.computed))"
  }

  private func bits(_ x: Double) -> String {
    let digits = check.precision == .double ? String(x.bitPattern, radix: 16) : String(Float(x).bitPattern, radix: 16)
    return "0x" + String(repeating: "0", count: (check.precision == .double ? 16 : 8) - digits.count) + digits
  }
}
