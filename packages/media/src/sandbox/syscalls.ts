/** Numbers of a system call on the architectures of Linux: x64 and arm64; null where an architecture does not have it. */
export type SyscallNumbers = readonly [x64: number, arm64: number | null]

/**
 * What a decoder may ask the kernel for, whatever the arguments: what Node, libvips and ffmpeg use, and what they use on other systems than ours in place of it.
 * Not in it, among others: sockets to elsewhere, files in memory that nobody counts (memfd_create), watching files (inotify), rights and times of files,
 * other processes (ptrace, pidfd_open), sessions and groups of processes, and every way to mount, to load code or to make namespaces.
 */
export const ALLOWED_SYSCALLS: Readonly<Record<string, SyscallNumbers>> = {
  // Memory.
  brk: [12, 214],
  mmap: [9, 222],
  mprotect: [10, 226],
  munmap: [11, 215],
  mremap: [25, 216],
  madvise: [28, 233],
  mincore: [27, 232],
  msync: [26, 227],
  membarrier: [324, 283],
  mlock: [149, 228],
  mlock2: [325, 284],
  munlock: [150, 229],
  pkey_alloc: [330, 289],
  pkey_free: [331, 290],
  pkey_mprotect: [329, 288],
  get_mempolicy: [239, 236],
  // Files, by the rights that paths have.
  open: [2, null],
  openat: [257, 56],
  openat2: [437, 437],
  close: [3, 57],
  close_range: [436, 436],
  read: [0, 63],
  write: [1, 64],
  readv: [19, 65],
  writev: [20, 66],
  pread64: [17, 67],
  pwrite64: [18, 68],
  preadv: [295, 69],
  pwritev: [296, 70],
  preadv2: [327, 286],
  pwritev2: [328, 287],
  lseek: [8, 62],
  stat: [4, null],
  fstat: [5, 80],
  lstat: [6, null],
  newfstatat: [262, 79],
  statx: [332, 291],
  statfs: [137, 43],
  fstatfs: [138, 44],
  access: [21, null],
  faccessat: [269, 48],
  faccessat2: [439, 439],
  readlink: [89, null],
  readlinkat: [267, 78],
  getdents: [78, null],
  getdents64: [217, 61],
  getcwd: [79, 17],
  chdir: [80, 49],
  fchdir: [81, 50],
  fchmod: [91, 52],
  mkdir: [83, null],
  mkdirat: [258, 34],
  rename: [82, null],
  renameat: [264, 38],
  renameat2: [316, 276],
  unlink: [87, null],
  unlinkat: [263, 35],
  rmdir: [84, null],
  link: [86, null],
  linkat: [265, 37],
  symlink: [88, null],
  symlinkat: [266, 36],
  ftruncate: [77, 46],
  fallocate: [285, 47],
  fadvise64: [221, 223],
  fsync: [74, 82],
  fdatasync: [75, 83],
  sync_file_range: [277, 84],
  sendfile: [40, 71],
  copy_file_range: [326, 285],
  splice: [275, 76],
  tee: [276, 77],
  flock: [73, 32],
  dup: [32, 23],
  dup2: [33, null],
  dup3: [292, 24],
  pipe: [22, null],
  pipe2: [293, 59],
  umask: [95, 166],
  // Waiting.
  poll: [7, null],
  ppoll: [271, 73],
  select: [23, null],
  pselect6: [270, 72],
  epoll_create: [213, null],
  epoll_create1: [291, 20],
  epoll_ctl: [233, 21],
  epoll_wait: [232, null],
  epoll_pwait: [281, 22],
  epoll_pwait2: [441, 441],
  eventfd: [284, null],
  eventfd2: [290, 19],
  timerfd_create: [283, 85],
  timerfd_settime: [286, 86],
  timerfd_gettime: [287, 87],
  futex: [202, 98],
  futex_waitv: [449, 449],
  // The channel to the worker, and pipes to what it starts.
  sendto: [44, 206],
  recvfrom: [45, 207],
  sendmsg: [46, 211],
  recvmsg: [47, 212],
  sendmmsg: [307, 269],
  recvmmsg: [299, 243],
  shutdown: [48, 210],
  getsockname: [51, 204],
  getpeername: [52, 205],
  getsockopt: [55, 209],
  setsockopt: [54, 208],
  // Programs and threads.
  fork: [57, null],
  vfork: [58, null],
  execve: [59, 221],
  wait4: [61, 260],
  waitid: [247, 95],
  exit: [60, 93],
  exit_group: [231, 94],
  set_tid_address: [218, 96],
  set_robust_list: [273, 99],
  get_robust_list: [274, 100],
  rseq: [334, 293],
  arch_prctl: [158, null],
  prctl: [157, 167],
  getrlimit: [97, 163],
  // Receiving signals.
  rt_sigaction: [13, 134],
  rt_sigprocmask: [14, 135],
  rt_sigreturn: [15, 139],
  rt_sigsuspend: [130, 133],
  rt_sigtimedwait: [128, 137],
  rt_sigpending: [127, 136],
  sigaltstack: [131, 132],
  restart_syscall: [219, 128],
  pause: [34, null],
  // Who it is.
  getpid: [39, 172],
  getppid: [110, 173],
  gettid: [186, 178],
  getuid: [102, 174],
  geteuid: [107, 175],
  getgid: [104, 176],
  getegid: [108, 177],
  getgroups: [115, 158],
  getresuid: [118, 148],
  getresgid: [120, 150],
  getpgrp: [111, null],
  getpgid: [121, 155],
  getsid: [124, 156],
  getpriority: [140, 141],
  capget: [125, 90],
  // Time.
  clock_gettime: [228, 113],
  clock_getres: [229, 114],
  clock_nanosleep: [230, 115],
  nanosleep: [35, 101],
  gettimeofday: [96, 169],
  time: [201, null],
  times: [100, 153],
  getitimer: [36, 102],
  setitimer: [38, 103],
  alarm: [37, null],
  // The host.
  uname: [63, 160],
  sysinfo: [99, 179],
  getrusage: [98, 165],
  getrandom: [318, 278],
  getcpu: [309, 168],
  sched_yield: [24, 124],
  sched_getaffinity: [204, 123],
  sched_getparam: [143, 121],
  sched_getscheduler: [145, 120],
  sched_get_priority_max: [146, 125],
  sched_get_priority_min: [147, 126],
}

/** A condition on the lower half of an argument, under a mask. */
export interface ArgumentRule {
  argument: number
  mask?: number
  operator: 'is' | 'is not'
  value: number
}

export interface RuledSyscall {
  numbers: SyscallNumbers
  /** All of them have to hold. */
  rules: readonly ArgumentRule[]
}

/** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET. */
const CLONE_NEW = 0x7e02_0000
const AF_UNIX = 1
const SOCK_STREAM = 1
const SOCK_TYPE_MASK = 0xf

const not = (argument: number, value: number): ArgumentRule => ({ argument, operator: 'is not', value })

/** What a decoder may ask for with some arguments only. `clone3` hides its flags in memory; without it, libc takes `clone`. */
export const RULED_SYSCALLS: Readonly<Record<string, RuledSyscall>> = {
  clone: { numbers: [56, 220], rules: [{ argument: 0, mask: CLONE_NEW, operator: 'is', value: 0 }] },
  // F_SETOWN, F_SETSIG and F_SETOWN_EX send signals to others, as do FIOSETOWN and SIOCSPGRP.
  fcntl: { numbers: [72, 25], rules: [not(1, 8), not(1, 10), not(1, 15)] },
  ioctl: { numbers: [16, 29], rules: [not(1, 0x8901), not(1, 0x8902)] },
  // Limits of its own.
  prlimit64: { numbers: [302, 261], rules: [{ argument: 0, operator: 'is', value: 0 }] },
  // Pipes as Node makes them. A datagram socket could send to any socket of the host.
  socketpair: {
    numbers: [53, 199],
    rules: [
      { argument: 0, operator: 'is', value: AF_UNIX },
      { argument: 1, mask: SOCK_TYPE_MASK, operator: 'is', value: SOCK_STREAM },
    ],
  },
}

/** Sending signals: harmless where a decoder sees no other process. */
export const SIGNAL_SYSCALLS: Readonly<Record<string, SyscallNumbers>> = {
  kill: [62, 129],
  tkill: [200, 130],
  tgkill: [234, 131],
}
