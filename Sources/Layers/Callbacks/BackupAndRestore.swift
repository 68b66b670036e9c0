internal import FoundationEssentials
internal import Glibc
public import Tensor

/// Saves the state of training, so that training can resume after the program has ended: training with the same folder
/// continues where it was, and gives the same numbers as uninterrupted training.
///
/// ```swift
/// let backup = BackupAndRestore<Float>("digits.backup", everyBatches: 1000)
/// try model.fit(images, labels, epochs: 5, callbacks: [backup], using: &generator)
/// ```
///
/// The weights, the optimizer's complete state, the generator and the history are saved after each epoch. A backup
/// replaces the previous one when it is complete, so there is always one. It is removed when training is finished,
/// unless the task has been cancelled.
///
/// The model, data and options must be the same again. The state of other callbacks is not saved. Training that resumes
/// within an epoch skips the batches that it has seen, and callbacks are not notified of the epoch's beginning again.
/// Place this callback after others that change the model or add results.
public final class BackupAndRestore<Scalar: RealScalar>: Callback {
  /// The folder that contains the backup; created if it does not exist.
  public let folder: String
  /// The number of batches between further backups within an epoch.
  public let everyBatches: Int?
  /// Whether the backup is removed at the end of training.
  public let deletesAtEnd: Bool

  /// Creates a callback that saves backups in a folder.
  /// - Parameters:
  ///   - folder: the folder for the backup, used by this training only.
  ///   - everyBatches: the number of batches, at least 1, between further backups within an epoch; none by default.
  ///   - deletesAtEnd: whether the backup is removed at the end of training.
  public init(_ folder: String, everyBatches: Int? = nil, deletesAtEnd: Bool = true) {
    require(
      everyBatches ?? 1 >= 1,
      "BackupAndRestore: a backup every \(everyBatches ?? 1) batches; allowed: integers of at least 1")
    self.folder = folder
    self.everyBatches = everyBatches
    self.deletesAtEnd = deletesAtEnd
  }

  /// Resumes from the backup if there is one.
  /// - Throws: an error if the backup cannot be read, or belongs to another model or optimizer.
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

  /// The progress of training at a backup.
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

  /// The progress of all complete backups, the latest last.
  private var places: [Place] {
    ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).compactMap { Place($0) }.sorted()
  }

  private func path(_ place: Place) -> String { "\(folder)/\(place.name)" }

  /// Saves under another name first: a folder with the final name is complete.
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

  /// The system's description of the error.
  private func reason(of error: any Error) -> String {
    guard let code = ((error as? CocoaError)?.underlying as? POSIXError)?.code else { return "\(error)" }
    return String(cString: strerror(code.rawValue))
  }
}
