import Foundation
import Layers
import Tensor
import TestSupport
import Testing

@Suite(.temporaryFolder) struct NumPyBatchTests {
  /// Rows that say which they are.
  private func files(count: Int) throws -> (x: String, y: String) {
    let folder = temporaryFolder()
    let numbers = Tensor<Float>.arange(0, Float(count))
    try (numbers.expanded(axis: 1) * Tensor<Float>([1, 10, 100])).write(to: "\(folder)/x.npy")
    try numbers.cast(to: Int64.self).write(to: "\(folder)/y.npy")
    return ("\(folder)/x.npy", "\(folder)/y.npy")
  }

  private func batches(_ source: NumPyBatches<Float>, epoch: Int = 0) throws -> [Batch<Float>] {
    var iterator = source.makeIterator(epoch: epoch)
    var result: [Batch<Float>] = []
    while let batch = try iterator.next()?.get() { result.append(batch) }
    return result
  }

  private func labels(_ batches: [Batch<Float>]) -> [Int64] {
    batches.flatMap { (batch: Batch<Float>) -> [Int64] in
      guard case .integers(let labels) = batch.targets[0].target(as: Float.self) else { return [] }
      return labels.scalars
    }
  }

  @Test func `rows come in batches as they stand in the files`() throws {
    let (x, y) = try files(count: 100)
    let found = try batches(NumPyBatches(x: x, y: y, batchSize: 32, blockSize: 10))
    #expect(found.map { $0.inputs[0].shape } == [[32, 3], [32, 3], [32, 3], [4, 3]])
    #expect(labels(found) == (0..<100).map { $0 })
    let inputs = Tensor.concatenated(found.map { $0.inputs[0] })
    #expect(try inputs == Tensor<Float>(contentsOf: x))
  }

  @Test func `shuffled rows come once in each epoch, with their targets, and mix the blocks`() throws {
    let (x, y) = try files(count: 1000)
    let source = try NumPyBatches<Float>(
      x: x, y: y, sampleWeights: nil, batchSize: 30, shuffleSeed: 3, blockSize: 16, mixedBlocks: 4)
    let found = try batches(source)
    let order = labels(found)
    #expect(order.sorted() == (0..<1000).map { $0 })
    let inputs = Tensor.concatenated(found.map { $0.inputs[0] })
    #expect(inputs[0..., 1].scalars == order.map { Float($0) * 10 })
    // A batch has rows of several blocks, which stand far from each other.
    #expect(Set(order[..<30].map { $0 / 16 }).count >= 3)
    #expect(order[..<30].max()! - order[..<30].min()! > 200)
    // The seed and the epoch decide.
    #expect(try labels(batches(source)) == order)
    #expect(try labels(batches(source, epoch: 1)) != order)
    let other = try NumPyBatches<Float>(x: x, y: y, batchSize: 30, shuffleSeed: 4, blockSize: 16, mixedBlocks: 4)
    #expect(try labels(batches(other)) != order)
    // Batches are no more than a way to cut the order.
    let larger = try NumPyBatches<Float>(x: x, y: y, batchSize: 450, shuffleSeed: 3, blockSize: 16, mixedBlocks: 4)
    #expect(try labels(batches(larger)) == order)
  }

  @Test(arguments: StoredType.allCases.filter { $0 != .bfloat16 })
  func `all element types become the model's`(type: StoredType) throws {
    let folder = temporaryFolder()
    func write(_ name: String, _ values: Tensor<Int64>) throws {
      switch type.readingType {
      case .float, .double: try values.cast(to: Double.self).write(to: "\(folder)/\(name)", as: type)
      case .bool: try (values .!= 0).write(to: "\(folder)/\(name)")
      default: try values.write(to: "\(folder)/\(name)", as: type)
      }
    }
    let values = Tensor<Int64>([0, 1, 1, 0, 1, 0])
    try write("x.npy", values.reshaped([3, 2]))
    try write("y.npy", values[0..<3])
    let batch = try batches(NumPyBatches(x: "\(folder)/x.npy", y: "\(folder)/y.npy", blockSize: 2))[0]
    #expect(batch.inputs[0] == values.cast(to: Float.self).reshaped([3, 2]))
    switch batch.targets[0].target(as: Float.self) {
    case .reals(let reals):
      #expect([.float, .double].contains(type.readingType) && reals.scalars == [0, 1, 1])
    case .integers(let integers):
      #expect(![.float, .double].contains(type.readingType) && integers.scalars == [0, 1, 1])
    }
  }

  @Test func `training on files is training on their tensors`() throws {
    let (x, y) = try files(count: 90)
    func trained(_ train: (inout Sequential<Float>, inout PhiloxGenerator) throws -> History) throws -> (
      [Tensor<Float>], History
    ) {
      var generator = PhiloxGenerator(seed: 1)
      var model = Sequential<Float> { Dense(1) }
      model.compile(optimizer: .adam(), loss: .meanSquaredError)
      let history = try train(&model, &generator)
      return (model.weights.map(\.value), history)
    }
    let expected = try trained { model, generator in
      try model.fit(
        Tensor<Float>(contentsOf: x), Tensor<Int64>(contentsOf: y), batchSize: 20, epochs: 2, shuffle: false,
        progress: .none, using: &generator)
    }
    let found = try trained { model, generator in
      try model.fit(
        NumPyBatches(x: x, y: y, batchSize: 20, blockSize: 7), epochs: 2, progress: .none, using: &generator)
    }
    #expect(found == expected)
  }

  @Test func `a file larger than memory is read where it is asked for`() throws {
    let folder = temporaryFolder()
    // 4 TB, of which the disk has the header alone.
    let rows = 1 << 30
    var header = Array(Tensor<Float>.zeros([1, 1024]).npyBytes.prefix(128))
    let text = String(decoding: header, as: UTF8.self)
      .replacing("(1, 1024)", with: "(\(rows), 1024)")
    header = Array(text.unicodeScalars.map { $0.value == 0xFFFD ? 0x93 : UInt8($0.value) })
    // The length stays what it was: padding gives way.
    let excess = header.count - 128
    header.removeSubrange(127 - excess..<127)
    let x = "\(folder)/x.npy"
    try Data(header).write(to: URL(filePath: x))
    let file = try #require(FileHandle(forWritingAtPath: x))
    try file.truncate(atOffset: UInt64(128 + rows * 4096))
    try file.close()
    let y = "\(folder)/y.npy"
    header = Array(Tensor<UInt8>.zeros([1]).npyBytes.prefix(128))
    let labels = String(decoding: header, as: UTF8.self).replacing("(1,)", with: "(\(rows),)")
    header = Array(labels.unicodeScalars.map { $0.value == 0xFFFD ? 0x93 : UInt8($0.value) })
    header.removeSubrange(127 - (header.count - 128)..<127)
    try Data(header).write(to: URL(filePath: y))
    let other = try #require(FileHandle(forWritingAtPath: y))
    try other.truncate(atOffset: UInt64(128 + rows))
    try other.close()

    let source = try NumPyBatches<Float>(x: x, y: y, batchSize: 32, shuffleSeed: 1, blockSize: 65_536 / 1024)
    #expect(source.sampleCount == rows)
    var iterator = source.makeIterator(epoch: 0)
    _ = iterator.next()
    // Eight blocks make sixteen batches: what is read and given out, in as many pieces each time.
    var counts: [Int] = []
    for _ in 0..<4 {
      counts.append(
        try Allocations.during {
          for _ in 0..<16 {
            let batch = try iterator.next()?.get()
            #expect(batch?.inputs[0].shape == [32, 1024])
          }
        })
    }
    #expect(Set(counts).count == 1 && counts[0] < 200, "\(counts)")
  }

  @Test func `files that do not fit are refused`() throws {
    let (x, y) = try files(count: 10)
    let folder = temporaryFolder()
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return "nothing"
      } catch { return "\(error)" }
    }
    try Tensor<Int64>.zeros([9]).write(to: "\(folder)/short.npy")
    try Tensor<Float>(5).write(to: "\(folder)/scalar.npy")
    try Tensor<Float>.zeros([0, 3]).write(to: "\(folder)/empty.npy")
    try Tensor<Float>.zeros([10, 3]).write(to: "\(folder)/columns.npy", fortranOrder: true)
    #expect(
      message { _ = try NumPyBatches<Float>(x: x, y: "\(folder)/short.npy") }
        == "rows of \(folder)/short.npy: there are 9; expected: one for each of the 10 samples")
    #expect(
      message { _ = try NumPyBatches<Float>(x: "\(folder)/scalar.npy", y: y) }
        == "\(folder)/scalar.npy: expected an axis that counts the samples, found a single element")
    #expect(
      message { _ = try NumPyBatches<Float>(x: "\(folder)/columns.npy", y: y) }
        == "\(folder)/columns.npy: expected rows that stand one after another (C order), found Fortran order")
    #expect(
      message { _ = try NumPyBatches<Float>(x: "\(folder)/empty.npy", y: "\(folder)/empty.npy") }
        == "\(folder)/empty.npy: there are no samples")
    #expect(message { _ = try NumPyBatches<Float>(x: "\(folder)/none.npy", y: y) }.contains("no such file"))
    #expect(
      message { _ = try NumPyBatches<Float>(x: x, y: y, batchSize: 0) }
        == "batchSize is 0; allowed: integers of at least 1")
    // A file that is cut short meanwhile ends training by an error.
    let source = try NumPyBatches<Float>(x: x, y: y, batchSize: 4, blockSize: 4)
    let file = try #require(FileHandle(forWritingAtPath: x))
    try file.truncate(atOffset: 128 + 60)
    try file.close()
    var generator = PhiloxGenerator(seed: 1)
    var model = Sequential<Float> { Dense(1) }
    model.compile(optimizer: .adam(), loss: .meanSquaredError)
    var steps = 0
    let found = message {
      try model.fit(source, callbacks: [BatchEnd { _ in steps += 1 }], progress: .none, using: &generator)
    }
    #expect(found == "\(x), byte 188: expected 48 bytes from byte 176, found the end of the file")
    #expect(steps == 1)
  }
}
