internal import Foundation
public import Tensor

/// Writes the results of each epoch as a line of a file: `epoch,accuracy,loss,…`.
public final class CSVLogger<Scalar: RealScalar>: Callback {
  /// Where the lines go.
  public let path: String
  /// What stands between the fields.
  public let separator: String
  /// Whether lines go behind those of an existing file.
  public let appends: Bool
  private var names: [String]?
  private var file: FileHandle?

  /// - Parameter path: where it is written.
  /// - Parameter separator: what stands between fields.
  /// - Parameter appends: whether lines go behind those of an existing file, under its heading.
  public init(_ path: String, separator: String = ",", appends: Bool = false) {
    self.path = path
    self.separator = separator
    self.appends = appends
  }

  /// - Throws: the system's error where the file cannot be written.
  public func trainingBegan(_ run: inout TrainingRun<Scalar>) throws {
    let url = URL(filePath: path)
    names = nil
    if appends, let text = try? String(contentsOf: url, encoding: .utf8),
      let heading = text.split(separator: "\n").first
    {
      names = heading.components(separatedBy: separator).dropFirst().map { String($0) }
    } else {
      try Data().write(to: url)
    }
    file = try FileHandle(forWritingTo: url)
    try file?.seekToEnd()
  }

  public func epochEnded(_ run: inout TrainingRun<Scalar>) throws {
    if names == nil {
      names = run.logs.names.sorted()
      try write(["epoch"] + names!)
    }
    try write(["\(run.epoch)"] + names!.map { run.logs[$0].map { "\($0)" } ?? "NA" })
  }

  public func trainingEnded(_ run: inout TrainingRun<Scalar>) throws {
    try file?.close()
    file = nil
  }

  private func write(_ fields: [String]) throws {
    try file?.write(contentsOf: Data((fields.joined(separator: separator) + "\n").utf8))
  }
}
