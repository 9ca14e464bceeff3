/** One thing that a process did to its disk, or a mark. Paths are absolute; `at` is the line of the trace in which it ended. */
export type DiskCall = { at: number; begunAt: number } & (
  | { type: 'open'; path: string; fd: number; creates: boolean; truncates: boolean }
  | { type: 'close'; fd: number }
  | { type: 'write'; fd: number; offset: number | null; bytes: Buffer }
  | { type: 'resize'; fd: number; byteSize: number }
  | { type: 'sync'; fd: number }
  | { type: 'rename'; from: string; to: string }
  | { type: 'unlink' | 'rmdir' | 'mkdir' | 'ask'; path: string }
)

/** What strace is asked to show; all else does not change a disk. */
export const TRACED_CALLS = [
  ...['%file', 'write', 'pwrite64', 'writev', 'pwritev', 'pwritev2', 'ftruncate', 'fallocate', 'sync_file_range'],
  ...['fsync', 'fdatasync', 'close', 'dup', 'dup2', 'dup3', 'sendfile', 'copy_file_range'],
]

type Facts<Call = DiskCall> = Call extends DiskCall ? Omit<Call, 'at' | 'begunAt'> : never

/** Strings of a call's arguments; strace writes each byte of them as `\xNN`. */
const stringsIn = (args: string): Buffer[] =>
  [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, text = '']) => Buffer.from(text.replaceAll('\\x', ''), 'hex'))
const pathsIn = (args: string): string[] => stringsIn(args).map(String)
const firstNumber = (args: string): number => Number.parseInt(args, 10)
const lastNumber = (args: string): number => Number(args.slice(args.lastIndexOf(',') + 1))

const written = (args: string, result: number, offset: number | null): Facts => ({
  type: 'write',
  fd: firstNumber(args),
  offset,
  bytes: Buffer.concat(stringsIn(args)).subarray(0, result),
})

const atPath = (type: 'unlink' | 'rmdir' | 'mkdir' | 'ask') => (args: string) => [
  { type, path: pathsIn(args)[0] ?? '' },
]

/** What each call means; those that are not here only look. */
const CALLS: Record<string, (args: string, result: number) => Facts[]> = {
  openat: (args, fd) => [
    {
      type: 'open',
      path: pathsIn(args)[0] ?? '',
      fd,
      creates: args.includes('O_CREAT'),
      truncates: args.includes('O_TRUNC'),
    },
  ],
  close: args => [{ type: 'close', fd: firstNumber(args) }],
  write: (args, result) => [written(args, result, null)],
  writev: (args, result) => [written(args, result, null)],
  pwrite64: (args, result) => [written(args, result, lastNumber(args))],
  pwritev: (args, result) => [written(args, result, lastNumber(args))],
  ftruncate: args => [{ type: 'resize', fd: firstNumber(args), byteSize: lastNumber(args) }],
  fsync: args => [{ type: 'sync', fd: firstNumber(args) }],
  fdatasync: args => [{ type: 'sync', fd: firstNumber(args) }],
  rename: args => {
    const [from = '', to = ''] = pathsIn(args)
    return [{ type: 'rename', from, to }]
  },
  unlink: atPath('unlink'),
  unlinkat: args => atPath(args.includes('AT_REMOVEDIR') ? 'rmdir' : 'unlink')(args),
  rmdir: atPath('rmdir'),
  mkdir: atPath('mkdir'),
  statx: atPath('ask'),
  stat: atPath('ask'),
  access: atPath('ask'),
  faccessat: atPath('ask'),
}
/** They change a disk and are not understood here. */
const UNKNOWN = new Set([
  ...['fallocate', 'sync_file_range', 'dup', 'dup2', 'dup3', 'sendfile', 'copy_file_range', 'pwritev2', 'truncate'],
  ...['renameat', 'renameat2', 'link', 'linkat', 'symlink', 'mkdirat', 'creat', 'open'],
])

interface Line {
  name: string
  args: string
  result: string
  begunAt: number
}

/**
 * Reads the output of `strace -f -xx`. Calls of several threads overlap: one counts from its end, and a sync covers what had
 * ended when it began.
 * @throws Error for a call on a file that it does not understand
 */
export function readTrace(text: string): DiskCall[] {
  const open = new Map<string, { head: string; begunAt: number }>()
  const calls: DiskCall[] = []
  for (const [at, line] of text.split('\n').entries()) {
    const parsed = readLine(open, line, at)
    if (parsed) calls.push(...toCalls(parsed, at))
  }
  return calls
}

function readLine(open: Map<string, { head: string; begunAt: number }>, line: string, at: number): Line | null {
  const [, pid = '', rest = ''] = /^(\d+) +(.*)$/.exec(line) ?? []
  if (rest.endsWith('<unfinished ...>')) {
    open.set(pid, { head: rest.slice(0, -'<unfinished ...>'.length), begunAt: at })
    return null
  }
  const resumed = /^<\.\.\. \w+ resumed>(.*)$/.exec(rest)
  const begun = resumed ? open.get(pid) : { head: '', begunAt: at }
  const whole = `${begun?.head ?? ''}${resumed ? resumed[1] : rest}`
  const [, name = '', args = '', result = ''] = /^(\w+)\((.*)\) += (-?\d+)/.exec(whole) ?? []
  return name === '' ? null : { name, args, result, begunAt: begun?.begunAt ?? at }
}

function toCalls({ name, args, result, begunAt }: Line, at: number): DiskCall[] {
  const isQuestion = ['statx', 'stat', 'access', 'faccessat'].includes(name)
  if (Number(result) < 0 && !isQuestion) return []
  if (UNKNOWN.has(name)) throw new Error(`line ${at} of the trace has a ${name}, which nobody reads: ${args}`)
  return (CALLS[name]?.(args, Number(result)) ?? []).map(call => ({ ...call, at, begunAt }))
}
