/// What went wrong where neither a file nor an option is at fault.
struct Failure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}
