import ModelFiles

/// ModelServer FOLDER REQUESTS: loads a model once and answers the requests of several clients at the same time.
///
/// Clients are tasks here; in a server they are connections, and `DigitClassifier` stays as it is.
@main struct ModelServer {
  static func main() async throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let folder = arguments.first ?? "../digits"
    let requestCount = arguments.dropFirst().first.flatMap { Int($0) } ?? 20_000

    // A request is small: the task that asks computes it, and the cores are busy with tasks.
    Threads.count = 1
    let classifier = try DigitClassifier(modelAt: folder + "/digits_snn.keras")
    let clients = try Clients(count: 8, folder: folder)

    let clock = ContinuousClock()
    let start = clock.now
    let largestDifference = try await clients.send(requestCount, to: classifier)
    let seconds = (clock.now - start) / .seconds(1)

    do {
      _ = try classifier.answer([1, 2, 3])
    } catch let error as RequestError {
      print("a bad request:", error)
    }
    print("\(requestCount) requests of \(clients.count) clients, \(Int(Double(requestCount) / seconds)) per second")
    print("largest difference from Keras: \(largestDifference)")
    guard largestDifference <= 1e-6 else { fatalError("answers differ from Keras's") }
  }
}
