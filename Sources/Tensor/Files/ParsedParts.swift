extension String {
  /// The parts between bytes, as `split` gives those between characters. In files and to the system an accent behind a "/" does not
  /// make it another character; and looking for the borders of characters is ten times the work.
  package func parts(
    between separator: Unicode.Scalar, maxSplits: Int = .max, omittingEmpty: Bool = true
  ) -> [Substring] {
    utf8.split(
      separator: UInt8(ascii: separator), maxSplits: maxSplits, omittingEmptySubsequences: omittingEmpty
    ).map { Substring($0) }
  }
}
