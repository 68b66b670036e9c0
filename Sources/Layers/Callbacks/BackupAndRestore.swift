internal import FoundationEssentials
internal import Glibc
public import Tensor

/// Keeps what training needs to go on after the program has ended: training with the same folder goes on where it was, with the same
/// numbers as if nothing had happened.
///
/// ```swift
/// let backup = BackupAndRestore<Float>("digits.backup", everyBatches: 1000)
/// try model.fit(images, labels, epochs: 5, callbacks: [backup], using: &generator)
/// ```
///
/// Weights, the optimizer with all that it keeps, the state of the generator and the history are kept after each epoch. A backup takes
/// the place of the one before when it is complete, so that there is one at any moment. It is removed when training has come to its
/// end, unless the task has been cancelled.
///
/// Model, data and options have to be the same again. What other callbacks remember is not kept. Training that goes on within an epoch
/// passes over the batches that it has seen, and callbacks are not told of the epoch's beginning again. This callback stands behind others that change the model or add results.
public final class BackupAndRestore<Scalar: RealScalar>: Callback {
  /// The folder that has the backup. It is made where it does not exist.
  public let folder: String
  /// After how many batches of an epoch there is one too.
  public let everyBatches: Int?
  /// Whether it is removed at the end of training.
  public let deletesAtEnd: Bool

  /// Traps for a number of batches below 1.
  /// - Parameters:
  ///   - folder: where the backup is kept; for this training alone.
  ///   - everyBatches: after how many batches of an epoch there is a backup too; none by default.
  ///   - deletesAtEnd: whether it is removed at the end of training.
  public init(_ folder: String, everyBatches: Int? = nil, deletesAtEnd: Bool = true) {
    require(
      everyBatches ?? 1 >= 1,
      "BackupAndRestore: a backup every \(everyBatches ?? 1) batches, allowed are integers from 1 on")
    self.folder = folder
    self.everyBatches = everyBatches
    self.deletesAtEnd = deletesAtEnd
  }

  /// Goes on from the backup, where there is one.
  /// - Throws: where it cannot be read, or is that of another model or optimizer.
  public func trainingBegan(_ run: inout TrainingRun<Scalar>) throws {
    guard let last = places.last else { return }
    guard try run.goOn(from: TrainingBackup(readFrom: path(last), run.model)) else {
      throw TrainingError.notReadable(
        callback: "BackupAndRestore", path: path(last), reason: "it has other losses and metrics than the model")
    }
  }

  public func batchEnded(_ run: inout TrainingRun<Scalar>) throws {
    guard let everyBatches, (run.batch + 1) % everyBatches == 0 else { return }
    try save(run.backup(within: true), Place(epoch: run.epoch, batch: run.batch + 1))
  }

  public func epochEnded(_ run: inout TrainingRun<Scalar>) throws {
    try save(run.backup(within: false), Place(epoch: run.epoch + 1, batch: 0))
  }

  public func trainingEnded(_ run: inout TrainingRun<Scalar>) {
    guard deletesAtEnd, run.history.stopReason != .cancelled else { return }
    for place in places { try? FileManager.default.removeItem(atPath: path(place)) }
    if (try? FileManager.default.contentsOfDirectory(atPath: folder))?.isEmpty == true {
      try? FileManager.default.removeItem(atPath: folder)
    }
  }

  // MARK: Folders

  /// How far a backup has come.
  private struct Place: Comparable {
    let epoch: Int
    let batch: Int

    static func < (a: Self, b: Self) -> Bool { (a.epoch, a.batch) < (b.epoch, b.batch) }

    init(epoch: Int, batch: Int) { (self.epoch, self.batch) = (epoch, batch) }

    init?(_ name: String) {
      let parts = name.split(separator: "-", omittingEmptySubsequences: false)
      guard parts.count == 4, parts[0] == "epoch", parts[2] == "batch", let epoch = Int(parts[1]),
        let batch = Int(parts[3])
      else { return nil }
      self.init(epoch: epoch, batch: batch)
    }

    var name: String { "epoch-\(epoch)-batch-\(batch)" }
  }

  /// Those of complete backups, the furthest last.
  private var places: [Place] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap { Place($0) }.sorted()
  }

  private func path(_ place: Place) -> String { "\(folder)/\(place.name)" }

  /// Under another name first: a folder that has its name is complete.
  private func save(_ backup: TrainingBackup<Scalar>, _ place: Place) throws {
    let older = places
    let unfinished = "\(folder)/unfinished"
    do {
      if FileManager.default.fileExists(atPath: unfinished) { try FileManager.default.removeItem(atPath: unfinished) }
      try FileManager.default.createDirectory(atPath: unfinished, withIntermediateDirectories: true)
      try backup.write(to: unfinished)
      if older.contains(place) { try FileManager.default.removeItem(atPath: path(place)) }
      try FileManager.default.moveItem(atPath: unfinished, toPath: path(place))
      for other in older where other != place { try FileManager.default.removeItem(atPath: path(other)) }
    } catch let error as NumPyFileError {
      throw error
    } catch {
      throw TrainingError.notWritable(callback: "BackupAndRestore", path: folder, reason: reason(of: error))
    }
  }

  /// What the system says of it.
  private func reason(of error: any Error) -> String {
    guard let code = ((error as? CocoaError)?.underlying as? POSIXError)?.code else { return "\(error)" }
    return String(cString: strerror(code.rawValue))
  }
}
