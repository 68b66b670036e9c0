import Tensor

/// Writes a text to a file, which appears when it is complete.
func write(_ text: String, to path: String) throws {
  let sink = try FileSink(path: path)
  try Array(text.utf8).withUnsafeBytes { bytes in try sink.write(bytes) }
  try sink.commit()
}
