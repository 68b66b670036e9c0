import Dispatch
import Foundation
import Synchronization

/// Notices the first interrupt from the keyboard (SIGINT); the second ends the process as usual.
final class Interrupt: Sendable {
  private let isPending = Atomic(false)
  private let source: any DispatchSourceSignal

  var hasCome: Bool { isPending.load(ordering: .relaxed) }

  init() {
    signal(SIGINT, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGINT, queue: .global())
    source.setEventHandler { [unowned self] in
      if isPending.exchange(true, ordering: .relaxed) { exit(130) }
    }
    source.resume()
  }

  deinit {
    source.cancel()
    signal(SIGINT, SIG_DFL)
  }
}
