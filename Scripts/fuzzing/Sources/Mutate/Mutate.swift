import Glibc
import Readers

/// Opens files that are changed at random, and finds what crashes, hangs or takes too much memory; see Scripts/mutate.
///
///     Mutate                                          the readers there are
///     Mutate READER SECONDS SEED FINDINGS FILE…       goes through seeds; what is found is left in the folder FINDINGS
///     Mutate --read READER FILE                       reads one file, as it was found
@main
enum Mutate {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.count == 3, arguments.first == "--read" {
      reader(arguments[arguments.startIndex + 1]).read(bytes(arguments[arguments.startIndex + 2]))
    } else if arguments.first == "--work" {
      work(Array(arguments.dropFirst()))
    } else if arguments.count >= 5 {
      supervise(Array(arguments))
    } else {
      print(Reader.allCases.map(\.rawValue).joined(separator: " "))
    }
  }

  private static func supervise(_ arguments: [String]) {
    let mutation = mutation(arguments[0], arguments[4...])
    let supervisor = Supervisor(
      mutation: mutation, files: Array(arguments[4...]), seconds: Int(arguments[1]) ?? 10, folder: arguments[3])
    exit(supervisor.run(from: UInt64(arguments[2]) ?? 0) ? 0 : 1)
  }

  /// READER SEED COUNT PROGRESS FILE…
  private static func work(_ arguments: [String]) {
    let mutation = mutation(arguments[0], arguments[4...])
    let first = UInt64(arguments[1])!
    Worker(mutation: mutation, progress: Progress(arguments[3])).read(first..<first + UInt64(arguments[2])!)
  }

  private static func mutation(_ name: String, _ files: ArraySlice<String>) -> Mutation {
    Mutation(reader(name), files.map(bytes))
  }

  private static func reader(_ name: String) -> Reader {
    guard let reader = Reader(rawValue: name) else { fatalError("no reader \(name)") }
    return reader
  }

  private static func bytes(_ path: String) -> [UInt8] {
    guard let file = fopen(path, "r") else { fatalError("no file \(path)") }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      if count == 0 { return bytes }
      bytes += buffer[..<count]
    }
  }
}
