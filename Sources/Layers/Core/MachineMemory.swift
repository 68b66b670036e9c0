internal import FoundationEssentials
internal import Glibc
import Tensor

/// The memory available to this process.
package enum MachineMemory {
  /// The size in bytes: the machine's memory, or less if the process or a control group, such as a container's, has a
  /// lower limit.
  package static let byteCount = [
    Int(clamping: ProcessInfo.processInfo.physicalMemory), resourceLimit(RLIMIT_AS), resourceLimit(RLIMIT_DATA),
    controlGroupLimit() ?? .max,
  ].min()!

  private static func resourceLimit(_ resource: __rlimit_resource) -> Int {
    var limit = rlimit()
    return getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 ? Int(clamping: limit.rlim_cur) : .max
  }

  /// The smallest limit of the control groups of this process, of either version, and of their parents; `nil` if there
  /// is none. Source: Linux's manual pages cgroups(7) and proc_pid_mountinfo(5).
  /// - Parameter root: the folder that contains the system's files.
  static func controlGroupLimit(root: String = "/") -> Int? {
    let mounts = lines(root + "/proc/self/mountinfo").compactMap { ControlGroupMount($0) }
    let limits = lines(root + "/proc/self/cgroup").flatMap { line -> [Int] in
      // 4:memory:/path, or 0::/path in version 2.
      let fields = line.parts(between: ":", maxSplits: 2, omittingEmpty: false).map { String($0) }
      guard fields.count == 3 else { return [] }
      let isUnified = fields[0] == "0" && fields[1].isEmpty
      guard isUnified || fields[1].parts(between: ",").contains("memory"),
        let mount = mounts.first(where: { $0.isUnified == isUnified })
      else { return [] }
      let file = isUnified ? "memory.max" : "memory.limit_in_bytes"
      return mount.folders(ofGroup: fields[2]).compactMap { folder in
        // "max" means no limit.
        lines(root + folder + "/" + file).first.flatMap { Int($0) }
      }
    }
    return limits.min()
  }

  private static func lines(_ path: String) -> [String] {
    ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").parts(between: "\n").map { String($0) }
  }
}

/// A mount point of control groups that limit memory.
private struct ControlGroupMount {
  /// Version 2, whose hierarchy has all controllers.
  let isUnified: Bool
  /// The group visible at the mount point; others are below it.
  let group: String
  let point: String

  /// Parses a line of `mountinfo`; `nil` for other mounts.
  init?(_ line: String) {
    // 35 31 0:32 /group /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
    let words = line.parts(between: " ").map { String($0) }
    guard words.count > 4, let dash = words[5...].firstIndex(of: "-"), words.count > dash + 3 else { return nil }
    switch words[dash + 1] {
    case "cgroup2": isUnified = true
    case "cgroup" where words[dash + 3].parts(between: ",").contains("memory"): isUnified = false
    default: return nil
    }
    (group, point) = (words[3], words[4])
  }

  /// The folders of a group and of its visible parents.
  func folders(ofGroup path: String) -> [String] {
    let above = group.parts(between: "/")
    let whole = path.parts(between: "/")
    var folders = [point]
    guard whole.starts(with: above) else { return folders }
    for name in whole.dropFirst(above.count) { folders.append(folders.last! + "/" + name) }
    return folders
  }
}
