// Activations of pieces of lines and parabolas.

struct LinearReference: Reference {
  func value(_ x: Double) -> Double { x }
  func slope(_ x: Double) -> Double { 1 }
}

struct RectifierReference: Reference {
  let slopeBelow: Double
  var largest = Double.infinity
  var threshold = 0.0

  var kinks: [Double] { [threshold, largest] }

  func value(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x > threshold { return largest == .infinity ? x : min(max(x, 0), largest) }
    return slopeBelow == 0 ? 0 : slopeBelow * (x - threshold)
  }

  func slope(_ x: Double) -> Double {
    if x.isNaN { return x }
    if x > threshold { return largest == .infinity || (x > 0 && x < largest) ? 1 : 0 }
    return x < threshold ? slopeBelow : 0
  }
}

struct LeakyRectifierReference: Reference {
  let slopeBelow: Double
  let kinks = [0.0]

  func value(_ x: Double) -> Double { x < 0 ? slopeBelow * x : x }
  func slope(_ x: Double) -> Double { orNaN(x, x > 0 ? 1 : slopeBelow) }
}

/// Between two values the identity; at them its slope is 1 or 0.
struct ClampReference: Reference {
  let smallest: Double
  let largest: Double
  let slopeAtEnds: Double

  var kinks: [Double] { [smallest, largest] }

  func value(_ x: Double) -> Double { x.isNaN ? x : min(max(x, smallest), largest) }
  func slope(_ x: Double) -> Double {
    orNaN(x, x > smallest && x < largest ? 1 : x >= smallest && x <= largest ? slopeAtEnds : 0)
  }
}

/// A line from 0 at -end to 1 at end.
struct RampReference: Reference {
  let end: Double

  var kinks: [Double] { [-end, end] }

  func value(_ x: Double) -> Double { x.isNaN ? x : x <= -end ? 0 : x >= end ? 1 : (x + end) / (2 * end) }
  func slope(_ x: Double) -> Double { orNaN(x, abs(x) < end ? 1 / (2 * end) : 0) }
}

/// The line slope · x + offset between 0 and 1. Of Floats, product and offset - 1 are exact in Double.
struct ClampedLineReference: Reference {
  let slope: Double
  let offset: Double

  var kinks: [Double] { [-offset / slope, (1 - offset) / slope] }

  func value(_ x: Double) -> Double { x.isNaN ? x : min(max(offset.addingProduct(slope, x), 0), 1) }
  func slope(_ x: Double) -> Double {
    let rises = offset.addingProduct(slope, x) > 0 && (offset - 1).addingProduct(slope, x) < 0
    return orNaN(x, rises ? slope : 0)
  }
}

struct HardSiLUReference: Reference {
  let kinks = [-3.0, -1.5, 3.0]

  func value(_ x: Double) -> Double { x <= -3 ? -0.0 : x >= 3 ? x : x * (x + 3) / 6 }
  func slope(_ x: Double) -> Double { orNaN(x, x <= -3 ? 0 : x >= 3 ? 1 : (2 * x + 3) / 6) }
}

struct HardShrinkReference: Reference {
  let threshold: Double

  var kinks: [Double] { [-threshold, threshold] }

  func value(_ x: Double) -> Double { abs(x) <= threshold ? 0 : x }
  func slope(_ x: Double) -> Double { orNaN(x, abs(x) > threshold ? 1 : 0) }
}

struct SoftShrinkReference: Reference {
  let threshold: Double

  var kinks: [Double] { [-threshold, threshold] }

  func value(_ x: Double) -> Double {
    x.isNaN ? x : x > threshold ? x - threshold : x < -threshold ? x + threshold : 0
  }
  func slope(_ x: Double) -> Double { orNaN(x, abs(x) > threshold ? 1 : 0) }
}

struct ThresholdReference: Reference {
  let threshold: Double
  let replacement: Double

  var kinks: [Double] { [threshold] }

  func value(_ x: Double) -> Double { x <= threshold ? replacement : x }
  func slope(_ x: Double) -> Double { orNaN(x, x > threshold ? 1 : 0) }
}

struct SparsePlusReference: Reference {
  let kinks = [-1.0, 1.0]

  func value(_ x: Double) -> Double { x.isNaN ? x : x <= -1 ? 0 : x >= 1 ? x : (x + 1) * (x + 1) / 4 }
  func slope(_ x: Double) -> Double { orNaN(x, x <= -1 ? 0 : x >= 1 ? 1 : (x + 1) / 2) }
}
