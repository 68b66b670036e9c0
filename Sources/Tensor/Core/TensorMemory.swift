internal import CKernels

/// The memory of tensors that is kept for reuse.
///
/// Memory that a tensor gives back is not returned to the system at once: fresh pages cost more time than the arithmetic
/// that fills them, so the next tensor of about the same size (up to a quarter smaller) gets it. What is kept is
/// bounded, can be given back, and keeping can be switched off. Everything here may be used from several threads at once.
/// Under the address sanitizer nothing is kept.
public enum TensorMemory {
  /// How many bytes are kept at most: 256 MiB at first. A block that does not fit goes back to the system. Lowering the
  /// limit gives back what is beyond it, starting with the largest blocks; 0 switches keeping off.
  public static var keptLimit: Int {
    get { Int(clamping: ck_kept_limit()) }
    set {
      require(newValue >= 0, "the limit of the memory kept is \(newValue) bytes; allowed: numbers of at least 0")
      ck_set_kept_limit(newValue)
    }
  }

  /// How many bytes are kept now, beside those that tensors hold: never more than ``keptLimit``.
  public static var keptByteCount: Int { Int(clamping: ck_kept_bytes()) }

  /// Gives back everything that is kept, to be called for instance after a phase with large tensors.
  /// - Complexity: O(*n*) in the number of blocks kept.
  public static func trim() { ck_trim() }
}
