import ArgumentParser

@main
struct Tool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "activations",
    abstract: "Activation functions and the networks around them, on the command line.",
    subcommands: [
      List.self, Plot.self, Apply.self, Classify.self, Train.self, Verify.self, Bench.self, System.self,
      PrintReference.self,
    ])
}
