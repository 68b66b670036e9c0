import Layers

extension Chart {
  /// The results of training by epoch, a chart for each: those of the training data as solid lines, of the validation
  /// data as dashed ones. Positive results that span two powers of ten and more have a logarithmic axis.
  static func charts(_ history: History) -> [Chart] {
    var names: [String] = []
    for name in history.logs.flatMap(\.names).map(\.withoutValidation) where !names.contains(name) {
      names.append(name)
    }
    let epochs = history.epochs.map { Double($0 + 1) }
    return names.compactMap { name in
      func curve(_ name: String) -> Curve? {
        let points = zip(epochs, history.logs).map { Point(x: $0, y: $1[name] ?? .nan) }
        return points.contains { $0.y.isFinite } ? Curve(through: points) : nil
      }
      let series = [
        Series(label: "training", dashedLabel: "", solid: curve(name), dashed: nil),
        Series(label: "validation", dashedLabel: "validation", solid: nil, dashed: curve("val_" + name)),
      ].filter { !$0.curves.isEmpty }
      let values = series.flatMap(\.curves).flatMap(\.points).map(\.y)
      guard let lowest = values.min(), let highest = values.max() else { return nil }
      let isLogarithmic = lowest > 0 && highest / lowest >= 100
      let margin = max((highest - lowest) * 0.05, 1e-3 * max(abs(highest), abs(lowest), 1e-9))
      return Chart(
        title: name, description: "\(name) by epoch", series: series,
        xRange: epochs[0] - (epochs.count == 1 ? 0.5 : 0)...epochs[epochs.count - 1] + (epochs.count == 1 ? 0.5 : 0),
        yRange: isLogarithmic ? lowest / 1.3...highest * 1.3 : lowest - margin...highest + margin, xKind: .whole,
        yKind: isLogarithmic ? .logarithmic : .linear, xLabel: "epoch", hasPoints: epochs.count <= 30)
    }
  }
}

extension String {
  fileprivate var withoutValidation: String { hasPrefix("val_") ? String(dropFirst(4)) : self }
}
