import Glibc
import Readers

// libFuzzer's driver: `READER=npz Fuzz [options] [corpus…]`.

@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
  _ count: UnsafeMutablePointer<CInt>,
  _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
  _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt

nonisolated(unsafe) var reader = Reader.npy

private func test(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  reader.read([UInt8](UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}

@main
enum Fuzz {
  static func main() {
    // Not an argument, because the driver starts this program again with its own.
    guard let name = getenv("READER"), let chosen = Reader(rawValue: String(cString: name)) else {
      print(Reader.allCases.map(\.rawValue).joined(separator: " "))
      exit(2)
    }
    reader = chosen
    var count = CommandLine.argc
    var arguments = CommandLine.unsafeArgv
    exit(runDriver(&count, &arguments, { test($0, $1) }))
  }
}
