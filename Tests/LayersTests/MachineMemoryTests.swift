import Foundation
import TestSupport
import Testing

@testable import Layers

/// The system's files as they are in containers of several kinds.
@Suite(.temporaryFolder) struct MachineMemoryTests {
  private let root = temporaryFolder()

  private func write(_ files: [String: String]) throws {
    for (path, text) in files {
      let place = URL(filePath: root + "/" + path)
      try FileManager.default.createDirectory(at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: place)
    }
  }

  @Test func `a group's limit and those of the groups above it count, in version 2`() throws {
    try write([
      "proc/self/cgroup": "0::/system.slice/jobs/one\n",
      "proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n",
      "sys/fs/cgroup/system.slice/memory.max": "max\n",
      "sys/fs/cgroup/system.slice/jobs/memory.max": "1073741824\n",
      "sys/fs/cgroup/system.slice/jobs/one/memory.max": "4294967296\n",
      "sys/fs/cgroup/system.slice/other/memory.max": "4096\n",
    ])
    #expect(MachineMemory.controlGroupLimit(root: root) == 1 << 30)
  }

  @Test func `a container sees its own group at the mount point, in version 1`() throws {
    try write([
      "proc/self/cgroup": "9:name=systemd:/docker/ab\n8:pids:/docker/ab\n4:memory,misc:/docker/ab\n0::/docker/ab\n",
      "proc/self/mountinfo": """
      31 23 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755
      34 31 0:31 /docker/ab /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids
      35 31 0:32 /docker/ab /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory,misc
      """,
      "sys/fs/cgroup/memory/memory.limit_in_bytes": "536870912\n",
      "sys/fs/cgroup/pids/memory.limit_in_bytes": "4096\n",
    ])
    #expect(MachineMemory.controlGroupLimit(root: root) == 512 << 20)
  }

  @Test func `a group outside of what is mounted has the limit of the mount point`() throws {
    try write([
      "proc/self/cgroup": "0::/../outside\n",
      "proc/self/mountinfo": "30 23 0:26 /box /sys/fs/cgroup ro - cgroup2 cgroup ro\n",
      "sys/fs/cgroup/memory.max": "268435456\n",
    ])
    #expect(MachineMemory.controlGroupLimit(root: root) == 256 << 20)
  }

  @Test func `without groups and without limits there is none`() throws {
    #expect(MachineMemory.controlGroupLimit(root: root) == nil)
    try write([
      "proc/self/cgroup": "0::/\nnothing\n",
      "proc/self/mountinfo": "30 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n31 - \n32 30 0:27 / /x rw -\n",
      "sys/fs/cgroup/memory.max": "max\n",
    ])
    #expect(MachineMemory.controlGroupLimit(root: root) == nil)
  }

  @Test(.enabled(if: !runsUnderSanitizer, "the shadow memory of sanitizers does not fit into the limit"))
  func `this process has some memory, and less where it is limited`() async {
    #expect(MachineMemory.byteCount > 0)
    await #expect(processExitsWith: .success) {
      var limit = rlimit()
      getrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
      limit.rlim_cur = 1 << 32
      setrlimit(__rlimit_resource_t(RLIMIT_DATA.rawValue), &limit)
      #expect(MachineMemory.byteCount <= 1 << 32)
    }
  }
}

private let runsUnderSanitizer = ["__asan_init", "__tsan_init"].contains { (name: String) in dlsym(nil, name) != nil }
