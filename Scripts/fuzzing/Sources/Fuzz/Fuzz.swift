import Glibc

// libFuzzer's driver: `Fuzz READER [options] [corpus…]`.

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

nonisolated(unsafe) private var reader = Reader.npy

private func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  reader.read([UInt8](UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}

@main
enum Fuzz {
  static func main() {
    guard CommandLine.argc > 1, let name = CommandLine.arguments.dropFirst().first, let chosen = Reader(rawValue: name)
    else {
      print("Fuzz \(Reader.allCases.map(\.rawValue).joined(separator: "|")) [libFuzzer's options] [corpus…]")
      exit(2)
    }
    reader = chosen
    var count = CommandLine.argc - 1
    var arguments = CommandLine.unsafeArgv + 1
    CommandLine.unsafeArgv[1] = CommandLine.unsafeArgv[0]
    exit(runDriver(&count, &arguments, { test($0, $1) }))
  }
}
