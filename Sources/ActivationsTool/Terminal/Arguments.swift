import ArgumentParser

/// The arguments as passed by the system.
enum Arguments {
  /// Rejects arguments that Swift's strings cannot represent, which would be the names of other files.
  static func requireUTF8() throws {
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let bytes = CommandLine.unsafeArgv[index], String(validatingCString: bytes) == nil else { continue }
      throw ValidationError(
        "\(String(cString: bytes).onOneLine) is not UTF-8, as file names must be here; a symbolic link can give the "
          + "file such a name, and - reads a .npy file from standard input")
    }
  }
}
