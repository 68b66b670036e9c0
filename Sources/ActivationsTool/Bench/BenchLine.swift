import Foundation

/// The time of one operation.
struct BenchLine {
  let operation: String
  let size: Int
  let threads: Int
  let nanoseconds: Double

  var json: String {
    let place = #""size": \#(size), "threads": \#(threads)"#
    return #"{"peer": "activations", "op": "\#(operation)", \#(place), "ns": \#(String(format: "%.6g", nanoseconds))}"#
  }
}
