import TestSupport
import Testing

@testable import Tensor

@Suite struct SlidingWindowTests {
  static let image = Tensor<Float>(shape: [4, 5], scalars: (0..<20).map(Float.init))

  @Test func `windows are a view with an axis for each length behind the others`() {
    let windows = Self.image.slidingWindows(of: [3, 2])
    #expect(windows.shape == [2, 4, 3, 2])
    #expect(windows.strides == [5, 1, 5, 1])
    #expect(windows[1, 2] == [[7, 8], [12, 13], [17, 18]])
    #expect(windows.storage.memory === Self.image.storage.memory)
  }

  @Test func `a window begins after each stride, and its elements lie as far apart as dilation says`() {
    let windows = Self.image.slidingWindows(of: [2, 2], strides: [2, 3], dilation: [1, 2])
    #expect(windows.shape == [2, 1, 2, 2])
    #expect(windows[1, 0] == [[10, 12], [15, 17]])
  }

  @Test func `windows lie along the axes that are chosen, of a tensor of any strides`() {
    let windows = Self.image.transposed.slidingWindows(of: [2], axis: [0])
    #expect(windows.shape == [4, 4, 2])
    #expect(windows[3] == [[3, 4], [8, 9], [13, 14], [18, 19]])
    let flipped = Self.image.flipped(axis: 1).slidingWindows(of: [5], axis: -1)
    #expect(flipped[2, 0] == [14, 13, 12, 11, 10])
  }

  @Test func `windows are what is sliced one by one`() {
    let x = Tensor<Double>(shape: [3, 6, 4], scalars: (0..<72).map(Double.init))
    for (length, stride, dilation) in [(1, 1, 1), (2, 1, 2), (3, 2, 1), (2, 3, 4), (6, 1, 1)] {
      let windows = x.slidingWindows(of: [length], strides: [stride], dilation: [dilation], axis: [1])
      for window in 0..<windows.shape[1] {
        for place in 0..<length {
          #expect(windows[.all, window, .all, place] == x[.all, window * stride + place * dilation])
        }
      }
    }
  }

  @Test func `writing to windows copies them first`() {
    var windows = Self.image.slidingWindows(of: [2], axis: [1])
    windows[0, 0, 1] = Tensor(-1)
    #expect(windows[0, 0] == [0, -1])
    #expect(windows[0, 1] == [1, 2])
    #expect(Self.image[0, 1] == Tensor(1))
    var sole = Tensor<Float>([1, 2, 3]).slidingWindows(of: [2])
    sole += 1
    #expect(sole == [[2, 3], [3, 4]])
  }

  @Test func `overlap is found in any order of axes`() {
    let windows = Self.image.slidingWindows(of: [2], axis: [1])
    #expect(windows.layout.repeats)
    #expect(windows.permuted([2, 0, 1]).layout.repeats)
    #expect(!Self.image.slidingWindows(of: [2], strides: [2], axis: [0]).layout.repeats)
    #expect(!Self.image.transposed.layout.repeats)
    #expect(!Self.image.flipped().layout.repeats)
    #expect(Self.image.expanded(axis: 0).broadcast(to: [2, 4, 5]).layout.repeats)
  }

  @Test func `a mean of windows is a moving mean`() {
    let x: Tensor<Double> = [1, 2, 4, 8, 16]
    #expect(x.slidingWindows(of: [2]).mean(axis: -1) == [1.5, 3, 6, 12])
  }

  @Test func `a window that is too long, and a number for too few axes, stop the program`() async {
    await expectMessage(
      "slidingWindows: a window of 3 with dilation 2 along an axis of the length 4",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>.ones([4, 5]).slidingWindows(of: [3], dilation: [2], axis: [0])
      })
    await expectMessage(
      "lengths [2], strides [1], dilation [1] along the axes [0, 1]",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>.ones([4, 5]).slidingWindows(of: [2])
      })
    await expectMessage(
      "lengths [0]",
      of: #expect(processExitsWith: .failure, observing: standardError) {
        _ = Tensor<Float>.ones([4, 5]).slidingWindows(of: [0], axis: [0])
      })
  }
}
