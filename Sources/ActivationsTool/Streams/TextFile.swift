import Tensor

/// Writes a text to a file, which appears when it is complete, or to standard output (`-`).
func write(_ text: String, to path: String) throws {
  let sink = try path == "-" ? FileSink.standardOutput() : FileSink(path: path)
  try Array(text.utf8).withUnsafeBytes { bytes in try sink.write(bytes) }
  try sink.commit()
}
