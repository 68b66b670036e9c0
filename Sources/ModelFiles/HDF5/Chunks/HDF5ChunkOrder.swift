/// Converts numbers of chunks in a list to positions: in row-major order, within the dataset's largest possible shape.
struct HDF5ChunkOrder {
  /// The slowest axis first.
  private let axes: [Int]
  private let strides: [Int]
  /// `nil` if an axis is unlimited.
  let count: Int?

  init?(_ chunks: HDF5Chunks, unlimitedFirst: Bool) {
    var axes = Array(chunks.lengths.indices)
    if unlimitedFirst, let unlimited = chunks.limits.firstIndex(of: nil) {
      axes.remove(at: unlimited)
      axes.insert(unlimited, at: 0)
    }
    var strides = [Int](repeating: 1, count: axes.count)
    var product = 1
    var isLimited = true
    for place in axes.indices.reversed() {
      strides[place] = product
      guard let limit = chunks.limits[axes[place]] else {
        // Only the slowest axis may be unlimited.
        guard place == 0 else { return nil }
        isLimited = false
        break
      }
      let length = limit == 0 ? 0 : (limit - 1) / chunks.lengths[axes[place]] + 1
      let (next, overflow) = product.multipliedReportingOverflow(by: max(length, 1))
      guard !overflow else { return nil }
      product = next
    }
    self.axes = axes
    self.strides = strides
    count = isLimited ? product : nil
  }

  func position(_ number: Int) -> [Int] {
    var rest = number
    var position = [Int](repeating: 0, count: axes.count)
    for (axis, stride) in zip(axes, strides) {
      position[axis] = rest / stride
      rest %= stride
    }
    return position
  }
}
