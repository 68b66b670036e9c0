import Foundation

/// Finished checks, recorded in a file so that an interrupted check can continue. Those of another build of the tool
/// are ignored.
struct SweepState {
  private struct Line: Codable {
    let build: String
    let check: String
    let tallies: [String: Tally]
  }

  private let path: String
  private let build: String
  private var finished: [String: [String: Tally]] = [:]

  init(folder: String) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    path = folder + "/verified.jsonl"
    let executable = try FileManager.default.attributesOfItem(
      atPath: URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().path)
    let date = (executable[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
    build = "\(executable[.size] ?? 0) bytes, \(date)"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else { return }
    for line in text.split(separator: "\n") {
      // The last line may be incomplete.
      guard let line = try? JSONDecoder().decode(Line.self, from: Data(line.utf8)), line.build == build else {
        continue
      }
      finished[line.check, default: [:]].merge(line.tallies) { $1 }
    }
  }

  /// The tallies of a check by instruction set, if all these are there.
  func tallies(_ check: String, _ instructionSets: [String]) -> [Tally]? {
    guard let found = finished[check] else { return nil }
    let all = instructionSets.compactMap { found[$0] }
    return all.count == instructionSets.count ? all : nil
  }

  func save(_ check: String, _ instructionSets: [String], _ tallies: [Tally]) throws {
    let line = Line(
      build: build, check: check, tallies: Dictionary(uniqueKeysWithValues: zip(instructionSets, tallies)))
    if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(filePath: path)) }
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.seekToEnd()
    try file.write(contentsOf: JSONEncoder().encode(line) + Data("\n".utf8))
    try file.close()
  }
}
