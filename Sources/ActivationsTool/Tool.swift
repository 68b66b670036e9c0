import ArgumentParser
import Foundation

@main
struct Tool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "activations",
    abstract: "Activation functions and the networks around them, on the command line.",
    version: "1.0.0",
    groupedSubcommands: [
      CommandGroup(name: "Activation", subcommands: [List.self, Plot.self, Apply.self]),
      CommandGroup(name: "File and model", subcommands: [Info.self, Convert.self, Predict.self, Train.self]),
      CommandGroup(name: "Package", subcommands: [Classify.self, Verify.self, Bench.self, System.self]),
      CommandGroup(name: "", subcommands: [PrintReference.self]),
    ])

  static func main() {
    Signals.prepare()
    do { try Arguments.requireUTF8() } catch { exit(withError: error) }
    main(nil)
    guard fflush(nil) == 0 else {
      let reason = String(cString: strerror(errno))
      exit(withError: Failure("standard output cannot be written: \(reason)"))
    }
  }
}
