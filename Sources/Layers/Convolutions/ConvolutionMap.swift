internal import Tensor

/// A convolution of samples [batch, spatial…, channels] by a kernel [taps…, channels / groups, filters].
struct ConvolutionMap<Scalar: RealScalar>: LinearMap {
  let windows: SampleWindows
  let groups: Int
  /// The places of samples, by the windows that read them.
  let transposed: [TransposedWindows]

  init(_ windows: SampleWindows, groups: Int = 1) {
    self.windows = windows
    self.groups = groups
    transposed = windows.transposed
  }

  func resultShape(_ sample: [Int], kernel: [Int]) -> [Int] { windows.output + [kernel[kernel.count - 1]] }

  func makeResult(for x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, _ workspace: Workspace<Scalar>) -> Tensor<Scalar> {
    workspace.tensor([x.layout.shape[0]] + windows.output + [kernel.layout.shape[windows.rank + 1]])
  }

  func apply(
    to x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    into result: inout Tensor<Scalar>, _: Workspace<Scalar>
  ) {
    let matrix = kernel.rowMatrix
    if groups == 1 { return BlockedProduct(x, windows, matrix, bias: bias, epilogue: epilogue).write(to: &result) }
    for group in 0..<groups {
      let filters = part(of: matrix.shape[1], group)
      BlockedProduct(
        x, windows, from: group * kernel.shape[windows.rank], matrix[0..., filters], bias: bias.map { $0[filters] },
        epilogue: epilogue
      ).write(columnsFrom: filters.lowerBound, of: &result)
    }
  }

  var keepsPreactivation: Bool { groups == 1 }

  func apply(
    to x: Tensor<Scalar>, _ kernel: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue,
    preactivation: inout Tensor<Scalar>, into result: inout Tensor<Scalar>
  ) {
    BlockedProduct(x, windows, kernel.rowMatrix, bias: bias, epilogue: epilogue)
      .write(to: &result, preactivation: &preactivation)
  }

  func packed(_ kernel: Tensor<Scalar>) -> any PackedLinearMap<Scalar> {
    let matrix = kernel.rowMatrix
    return PackedConvolution(
      map: self, filters: matrix.shape[1],
      kernels: (0..<groups).map { PackedKernel(matrix[0..., part(of: matrix.shape[1], $0)], for: windows) })
  }

  var addsToResult: Bool { groups == 1 }

  func kernel(_ kernel: Tensor<Scalar>, multipliedBy factors: Tensor<Scalar>) -> Tensor<Scalar> { kernel * factors }

  func inputGradient(
    _ upstream: Tensor<Scalar>, _ kernel: Tensor<Scalar>, into gradient: inout Tensor<Scalar>,
    _ workspace: Workspace<Scalar>
  ) {
    let filters = kernel.shape[windows.rank + 1]
    if hasFewChannels(kernel) {
      let matrix = kernel.rowMatrix.transposed
      return gradient.assign(foldOf: upstream, windows) { BlockedProduct($0, matrix) }
    }
    applyTransposed(bias: nil, .identity, into: &gradient, workspace) { place, group, bias, epilogue in
      let columns = part(of: filters, group)
      let taps = transposed[place].taps(of: kernel[.ellipsis, columns]).swappingAxes(-2, -1)
      return BlockedProduct(
        upstream, transposed[place].windows, from: columns.lowerBound, taps: taps, bias: bias, epilogue: epilogue)
    }
  }

  func kernelGradient(
    _ upstream: Tensor<Scalar>, _ x: Tensor<Scalar>, into gradient: inout Tensor<Scalar>, alpha: Scalar, beta: Scalar
  ) {
    let rows = upstream.rowMatrix
    for group in 0..<groups {
      let channels = part(of: x.shape[windows.rank + 1], group)
      let filters = part(of: rows.shape[1], group)
      BlockedProduct(
        transposing: x, windows, channels: channels, by: groups == 1 ? rows : rows[0..., filters], alpha: alpha
      ).write(columnsFrom: filters.lowerBound, of: &gradient, times: beta)
    }
  }

  /// The channels of a group among so many.
  func part(of count: Int, _ group: Int) -> Range<Int> { group * (count / groups)..<(group + 1) * (count / groups) }
}

// MARK: The transposed convolution

extension ConvolutionMap {
  /// Whether the transpose of the convolution has so few channels that products to these alone would leave most of a
  /// vector empty: then a product to all taps at once is added up.
  func hasFewChannels(_ kernel: Tensor<Scalar>) -> Bool {
    groups == 1 && windows.tapCount > 1 && kernel.layout.shape[windows.rank] <= 8
  }

  /// Writes epilogue(the transpose of the convolution + bias) to samples [batch, spatial…, channels].
  /// - Parameter product: the product for one of the ``transposed`` and a group.
  func applyTransposed(
    bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue, into result: inout Tensor<Scalar>,
    _ workspace: Workspace<Scalar>,
    product: (_ place: Int, _ group: Int, _ bias: Tensor<Scalar>?, ProductEpilogue) -> BlockedProduct<Scalar>
  ) {
    if windows.leavesPlaces {
      let row = bias ?? .zeros([result.layout.shape[windows.rank + 1]])
      result.assign(row.applying(epilogue).broadcast(to: result.shape))
    }
    for (place, places) in transposed.enumerated() {
      let shape = [result.layout.shape[0]] + places.count + [result.layout.shape[windows.rank + 1]]
      if places.areAll {
        write(place, bias, epilogue, into: &result, product)
      } else {
        var part = workspace.tensor(shape)
        write(place, bias, epilogue, into: &part, product)
        result.set(places, to: part)
        workspace.recycle(part)
      }
    }
  }

  private func write(
    _ place: Int, _ bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue, into result: inout Tensor<Scalar>,
    _ product: (Int, Int, Tensor<Scalar>?, ProductEpilogue) -> BlockedProduct<Scalar>
  ) {
    if groups == 1 { return product(place, 0, bias, epilogue).write(to: &result) }
    for group in 0..<groups {
      let channels = part(of: result.layout.shape[windows.rank + 1], group)
      product(place, group, bias.map { $0[channels] }, epilogue).write(columnsFrom: channels.lowerBound, of: &result)
    }
  }
}

/// A convolution by a kernel that has been packed, group by group.
private struct PackedConvolution<Scalar: RealScalar>: PackedLinearMap {
  let map: ConvolutionMap<Scalar>
  let filters: Int
  let kernels: [PackedKernel<Scalar>]

  func apply(
    to x: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue, into result: inout Tensor<Scalar>,
    _: Workspace<Scalar>
  ) {
    if kernels.count == 1 {
      return BlockedProduct(x, map.windows, kernels[0], bias: bias, epilogue: epilogue).write(to: &result)
    }
    for (group, kernel) in kernels.enumerated() {
      let filters = map.part(of: filters, group)
      BlockedProduct(
        x, map.windows, from: group * kernel.channels, kernel, bias: bias.map { $0[filters] },
        epilogue: epilogue
      ).write(columnsFrom: filters.lowerBound, of: &result)
    }
  }

  func add(_ x: Tensor<Scalar>, bias: Tensor<Scalar>?, _ epilogue: ProductEpilogue, to result: inout Tensor<Scalar>) {
    BlockedProduct(x, map.windows, kernels[0], bias: bias, epilogue: epilogue)
      .write(columnsFrom: 0, of: &result, times: 1)
  }
}
