import Foundation
import Synchronization
import Tensor

/// Interrupts from the keyboard (SIGINT): the first is recorded, the second ends the process.
enum Interrupt {
  private static let count = Atomic(0)

  static var hasCome: Bool { count.load(ordering: .relaxed) > 0 }

  /// Starts to record interrupts.
  static func await() {
    signal(SIGINT) { _ in
      if Interrupt.count.add(1, ordering: .relaxed).oldValue > 0 {
        TemporaryFiles.removeAll()
        _exit(130)
      }
    }
    Signals.unblock([SIGINT])
  }
}
