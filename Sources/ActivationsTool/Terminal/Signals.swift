import Foundation
import Tensor

/// Signals that end the process.
enum Signals {
  /// An exceeded disk quota is an error like a full disk, and a process that is ended leaves no partial files. SIGBUS
  /// is raised if a mapped file has become shorter.
  static func prepare() {
    signal(SIGXFSZ, SIG_IGN)
    TemporaryFiles.beginListing()
    signal(SIGBUS) { _ in
      TemporaryFiles.removeAll()
      let text: StaticString = "Error: a file has been cut short while it was read\n"
      _ = write(STDERR_FILENO, text.utf8Start, text.utf8CodeUnitCount)
      _exit(1)
    }
    let endings = [SIGINT, SIGTERM, SIGHUP, SIGPIPE].filter { !isIgnored($0) }
    for ending in endings {
      signal(ending) { ending in
        TemporaryFiles.removeAll()
        signal(ending, SIG_DFL)
        raise(ending)
      }
    }
    unblock(endings)
  }

  /// A parent may have started this process from a thread that blocks signals.
  static func unblock(_ signals: [Int32]) {
    var set = sigset_t()
    sigemptyset(&set)
    for signal in signals { sigaddset(&set, signal) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }

  /// As set by nohup.
  private static func isIgnored(_ signal: Int32) -> Bool {
    var action = sigaction()
    sigaction(signal, nil, &action)
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
