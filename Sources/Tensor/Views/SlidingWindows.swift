extension Tensor {
  /// All windows of these lengths, as a view: nothing is copied, and an element stands in every window that it lies in.
  ///
  /// ```swift
  /// let x: Tensor<Float> = [1, 2, 4, 8, 16]
  /// let triples = x.slidingWindows(of: [3])       // [[1, 2, 4], [2, 4, 8], [4, 8, 16]]
  /// let movingMean = triples.mean(axis: -1)       // [3]
  /// ```
  ///
  /// The result has an axis of windows in place of each of the axes, and behind all others the places within a window,
  /// one axis for each length: windows of [3, 3] along the last two axes of [8, 28, 28] are [8, 26, 26, 3, 3]. With
  /// strides of 1 this is NumPy's `sliding_window_view`.
  /// - Parameter lengths: the length of a window along each of the axes; at least 1.
  /// - Parameter strides: from the beginning of a window to that of the next along each axis; 1 by default.
  /// - Parameter dilation: from an element of a window to the next along each axis; 1 by default.
  /// - Parameter axes: as many different axes as lengths; all by default.
  /// - Precondition: along each axis there is a whole window.
  public func slidingWindows(
    of lengths: [Int], strides: [Int]? = nil, dilation: [Int]? = nil, axis axes: some Axes = .all
  ) -> Tensor {
    let chosen = axes.list.map { $0.map { resolvedAxis($0, rank: rank) } } ?? Array(0..<rank)
    let (steps, gaps) = (strides ?? lengths.map { _ in 1 }, dilation ?? lengths.map { _ in 1 })
    require(
      lengths.count == chosen.count && steps.count == chosen.count && gaps.count == chosen.count
        && Set(chosen).count == chosen.count && (lengths + steps + gaps).allSatisfy { $0 >= 1 },
      "slidingWindows: lengths \(lengths), strides \(steps), dilation \(gaps) along the axes \(chosen); allowed: a number of at least 1 for each of different axes"
    )
    var windows = layout
    for (place, axis) in chosen.enumerated() {
      let (covered, isTooLong) = (lengths[place] - 1).multipliedReportingOverflow(by: gaps[place])
      require(
        !isTooLong && covered < shape[axis],
        "slidingWindows: a window of \(lengths[place]) with dilation \(gaps[place]) along an axis of the length \(shape[axis]); allowed: whole windows"
      )
      windows.shape[axis] = (shape[axis] - 1 - covered) / steps[place] + 1
      windows.strides[axis] = layout.strides[axis] * steps[place]
    }
    windows.shape += lengths
    windows.strides += chosen.indices.map { layout.strides[chosen[$0]] * gaps[$0] }
    return Tensor(storage: storage, layout: windows)
  }
}
