internal import FoundationEssentials
public import Tensor

/// Writes the results of each epoch as a line of a file: `epoch,accuracy,loss,…`.
public final class CSVLogger<Scalar: RealScalar>: Callback {
  /// The file's path.
  public let path: String
  /// The separator between the fields.
  public let separator: String
  /// Whether lines are appended to an existing file.
  public let appends: Bool
  private var names: [String]?
  private var file: AppendedFile?

  /// - Parameter path: the file's path.
  /// - Parameter separator: the separator between fields.
  /// - Parameter appends: whether lines are appended to an existing file, under its heading.
  public init(_ path: String, separator: String = ",", appends: Bool = false) {
    self.path = path
    self.separator = separator
    self.appends = appends
  }

  /// - Throws: ``TrainingError/notWritable(callback:path:reason:)`` if the file cannot be written, before anything is
  ///   computed.
  public func trainingBegan(_ run: inout TrainingRun<Scalar>) throws {
    names = nil
    if appends, let text = try? String(contentsOfFile: path, encoding: .utf8),
      let heading = text.split(separator: "\n").first
    {
      names = heading.components(separatedBy: separator).dropFirst().map { String($0) }
    }
    do {
      file = try AppendedFile(path: path, isEmptied: names == nil)
    } catch {
      throw notWritable(error)
    }
  }

  public func epochEnded(_ run: inout TrainingRun<Scalar>) throws {
    if names == nil {
      names = run.logs.names.sorted()
      try write(["epoch"] + names!)
    }
    try write(["\(run.epoch)"] + names!.map { run.logs[$0].map { "\($0)" } ?? "NA" })
  }

  public func trainingEnded(_ run: inout TrainingRun<Scalar>) throws {
    try refusing { (file) throws(AppendedFile.Refusal) in try file.close() }
    file = nil
  }

  private func write(_ fields: [String]) throws(TrainingError) {
    try refusing { (file) throws(AppendedFile.Refusal) in try file.write(fields.joined(separator: separator) + "\n") }
  }

  private func refusing(_ body: (AppendedFile) throws(AppendedFile.Refusal) -> Void) throws(TrainingError) {
    do {
      if let file { try body(file) }
    } catch {
      throw notWritable(error)
    }
  }

  private func notWritable(_ refusal: AppendedFile.Refusal) -> TrainingError {
    .notWritable(callback: "CSVLogger", path: path, reason: refusal.reason)
  }
}
