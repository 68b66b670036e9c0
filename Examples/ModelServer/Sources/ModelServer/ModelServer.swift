import ModelFiles

/// ModelServer FOLDER REQUESTS: loads a model once and answers the requests of several clients at the same time.
///
/// Clients are tasks here; in a server they are connections, and `DigitClassifier` stays as it is. Each client compares its
/// answers with the probabilities that Keras has computed from the same images.
@main struct ModelServer {
  static let clientCount = 8

  static func main() async throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    let folder = arguments.first ?? "../digits"
    let requestCount = arguments.dropFirst().first.flatMap { Int($0) } ?? 20_000

    // A request is small: the task that asks computes it, and the cores are busy with tasks.
    Threads.count = 1
    let classifier = try DigitClassifier(modelAt: folder + "/digits_snn.keras")
    let images = [[Float]](try Tensor<Float>(contentsOf: folder + "/x_test.npy"))
    let expected = [[Float]](try Tensor<Float>(contentsOf: folder + "/keras_probabilities.npy"))

    let clock = ContinuousClock()
    let start = clock.now
    let largestDifference = try await withThrowingTaskGroup(of: Float.self) { clients in
      for client in 0..<clientCount {
        clients.addTask {
          var largest: Float = 0
          for request in stride(from: client, to: requestCount, by: clientCount) {
            let index = request % images.count
            let answer = try classifier.answer(images[index])
            largest = max(largest, abs(answer.probability - expected[index][answer.digit]))
            await Task.yield()
          }
          return largest
        }
      }
      return try await clients.reduce(0, max)
    }
    let seconds = (clock.now - start) / .seconds(1)

    do {
      _ = try classifier.answer([1, 2, 3])
    } catch let error as RequestError {
      print("a bad request:", error)
    }
    print("\(requestCount) requests of \(clientCount) clients, \(Int(Double(requestCount) / seconds)) per second")
    print("largest difference from Keras: \(largestDifference)")
    guard largestDifference <= 1e-6 else { fatalError("answers differ from Keras's") }
  }
}
