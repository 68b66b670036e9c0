import Foundation

/// A path in a new folder.
func temporaryFile(_ name: String) -> String {
  let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
  try! FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  return folder.appending(path: name).path
}
