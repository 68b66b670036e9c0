import Foundation
import Tensor

/// Prints the best classes of samples as they are computed, or keeps them for JSON.
struct ClassReport<Scalar: RealScalar> {
  struct Sample: Encodable {
    let sample: String
    let classes: [ClassRanking<Scalar>.Class]
  }

  private let ranking: ClassRanking<Scalar>
  /// What samples are called, if they are not numbered.
  private let names: [String]?
  private let columns: [TextTable.Column]
  private let isKept: Bool
  private(set) var samples: [Sample] = []
  private var count = 0

  init(_ ranking: ClassRanking<Scalar>, _ source: RowSource<Scalar>, isKept: Bool) {
    self.ranking = ranking
    self.isKept = isKept
    names = source.rowNames
    columns = [
      .init(
        title: names == nil ? "Sample" : "Picture", isNumber: names == nil,
        width: names?.map(\.onOneLine.count).max() ?? "\(source.count)".count),
      .init(
        title: "Class", isNumber: ranking.labels == nil, width: ranking.labels?.map(\.onOneLine.count).max() ?? 0),
      .init(title: ranking.areProbabilities ? "Probability" : "Value", isNumber: true, width: 12),
    ]
  }

  /// - Parameter outputs: those of the next samples.
  mutating func add(_ outputs: Tensor<Scalar>) {
    let isFirst = count == 0
    var table = TextTable(columns)
    for classes in ranking(outputs) {
      let name = names?[count] ?? "\(count)"
      count += 1
      if isKept {
        samples.append(Sample(sample: name, classes: classes))
        continue
      }
      for (place, found) in classes.enumerated() {
        let value = ranking.areProbabilities ? String(format: "%.4f", found.value) : found.value.short
        table.add([place == 0 ? name.onOneLine : "", found.label?.onOneLine ?? "\(found.number)", value])
      }
    }
    if !isKept { print(table.text(hasTitles: isFirst)) }
  }
}
