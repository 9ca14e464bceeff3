import { expect, it } from 'vitest'
import { seccompFilter } from './seccomp-filter.ts'

const ALLOW = 0x7fff_0000
const EPERM = 0x0005_0001
const ENOSYS = 0x0005_0026
const KILL = 0x8000_0000
const ARCHITECTURES = { x64: 0xc000_003e, arm64: 0xc000_00b7 }

interface Call {
  number: number
  arguments?: number[]
  audit?: number
}

/** Runs a filter as the kernel does: classic BPF over `struct seccomp_data`. */
function verdict(filter: Buffer, { number, arguments: values = [], audit = ARCHITECTURES.x64 }: Call): number {
  const data = Buffer.alloc(64)
  data.writeUInt32LE(number, 0)
  data.writeUInt32LE(audit, 4)
  for (const [n, value] of values.entries()) data.writeUInt32LE(value, 16 + 8 * n)
  let accumulator = 0
  for (let at = 0; at < filter.length; at += 8) {
    const code = filter.readUInt16LE(at)
    const operand = filter.readUInt32LE(at + 4)
    if (code === 0x06) return operand
    if (code === 0x20) accumulator = data.readUInt32LE(operand)
    else if (code === 0x54) accumulator = (accumulator & operand) >>> 0
    else if (code === 0x15) at += 8 * filter.readUInt8(at + (accumulator === operand ? 2 : 3))
    else throw new Error(`unknown code ${code}`)
  }
  throw new Error('the filter ends without a verdict')
}

const filterOf = (architecture: 'x64' | 'arm64', signals = true): Buffer => {
  const filter = seccompFilter({ signals, architecture })
  if (filter === null) throw new Error(`no filter for ${architecture}`)
  return filter
}

const CLONE_NEWUSER = 0x1000_0000
const THREAD = 0x3d_0f00

it.each<[what: string, call: Call, expected: number]>([
  ['read', { number: 0 }, ALLOW],
  ['execve', { number: 59 }, ALLOW],
  ['a thread', { number: 56, arguments: [THREAD] }, ALLOW],
  ['clone into a namespace', { number: 56, arguments: [CLONE_NEWUSER | THREAD] }, EPERM],
  ['clone3', { number: 435 }, ENOSYS],
  ['socket', { number: 41 }, ENOSYS],
  ['connect', { number: 42 }, ENOSYS],
  ['a pair of pipes', { number: 53, arguments: [1, 0x8_0801] }, ALLOW],
  ['a pair of datagram sockets', { number: 53, arguments: [1, 2] }, EPERM],
  ['a pair of internet sockets', { number: 53, arguments: [2, 1] }, EPERM],
  ['fcntl F_DUPFD_CLOEXEC', { number: 72, arguments: [3, 1030] }, ALLOW],
  ['fcntl F_SETOWN', { number: 72, arguments: [3, 8] }, EPERM],
  ['fcntl F_SETSIG', { number: 72, arguments: [3, 10] }, EPERM],
  ['fcntl F_SETOWN_EX', { number: 72, arguments: [3, 15] }, EPERM],
  ['ioctl FIOSETOWN', { number: 16, arguments: [3, 0x8901] }, EPERM],
  ['its own limits', { number: 302, arguments: [0] }, ALLOW],
  ['limits of another', { number: 302, arguments: [7] }, EPERM],
  ['ptrace', { number: 101 }, ENOSYS],
  ['mount', { number: 165 }, ENOSYS],
  ['setsid', { number: 112 }, ENOSYS],
  ['memfd_create', { number: 319 }, ENOSYS],
  ['bpf', { number: 321 }, ENOSYS],
  ['io_uring_setup', { number: 425 }, ENOSYS],
  ['read under its number of x32', { number: 0x4000_0000 }, ENOSYS],
  ['a call of 32-bit x86', { number: 3, audit: 0x4000_0003 }, KILL],
])('answers %s on x64', (_what, call, expected) => {
  expect(verdict(filterOf('x64'), call)).toBe(expected)
})

it.each<[what: string, call: Call, expected: number]>([
  ['read', { number: 63 }, ALLOW],
  ['execve', { number: 221 }, ALLOW],
  ['clone into a namespace', { number: 220, arguments: [CLONE_NEWUSER] }, EPERM],
  ['socket', { number: 198 }, ENOSYS],
  ['ptrace', { number: 117 }, ENOSYS],
  ['setsid', { number: 157 }, ENOSYS],
  ['a call of x64', { number: 63, audit: ARCHITECTURES.x64 }, KILL],
])('answers %s on arm64', (_what, call, expected) => {
  expect(verdict(filterOf('arm64'), { audit: ARCHITECTURES.arm64, ...call })).toBe(expected)
})

it.each([
  [true, ALLOW],
  [false, EPERM],
])('lets signals be sent: %s', (signals, expected) => {
  for (const number of [62, 200, 234]) expect(verdict(filterOf('x64', signals), { number })).toBe(expected)
  for (const number of [129, 130, 131])
    expect(verdict(filterOf('arm64', signals), { number, audit: ARCHITECTURES.arm64 })).toBe(expected)
})

it('has none for an architecture whose numbers it does not know', () => {
  expect(seccompFilter({ signals: true, architecture: 'riscv64' })).toBeNull()
})
