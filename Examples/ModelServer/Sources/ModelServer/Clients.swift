import ModelFiles

/// Tasks that ask at the same time, and compare the answers with what Keras has computed from the same images.
struct Clients: Sendable {
  let count: Int
  private let images: [[Float]]
  private let expected: [[Float]]

  init(count: Int, folder: String) throws {
    self.count = count
    images = Array(try Tensor<Float>(contentsOf: folder + "/x_test.npy"))
    expected = Array(try Tensor<Float>(contentsOf: folder + "/keras_probabilities.npy"))
  }

  /// Sends so many requests in all.
  /// - Returns: the largest difference of a probability from Keras's.
  func send(_ requestCount: Int, to classifier: DigitClassifier) async throws -> Float {
    try await withThrowingTaskGroup(of: Float.self) { clients in
      for client in 0..<count {
        clients.addTask {
          var largest: Float = 0
          for request in stride(from: client, to: requestCount, by: count) {
            largest = max(largest, try difference(request % images.count, classifier))
            await Task.yield()
          }
          return largest
        }
      }
      var largest: Float = 0
      for try await difference in clients { largest = max(largest, difference) }
      return largest
    }
  }

  private func difference(_ index: Int, _ classifier: DigitClassifier) throws -> Float {
    let answer = try classifier.answer(images[index])
    return abs(answer.probability - expected[index][answer.digit])
  }
}
