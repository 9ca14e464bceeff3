import {
  ALLOWED_SYSCALLS,
  type ArgumentRule,
  RULED_SYSCALLS,
  SIGNAL_SYSCALLS,
  type SyscallNumbers,
} from './syscalls.ts'

/** One instruction of classic BPF: code, jump if true, jump if false (both in instructions), operand. */
type Instruction = readonly [code: number, jumpTrue: number, jumpFalse: number, operand: number]

const LOAD_WORD = 0x20
const AND = 0x54
const JUMP_IF_EQUAL = 0x15
const RETURN = 0x06
const INSTRUCTION_BYTES = 8

const KILL_PROCESS = 0x8000_0000
const ALLOW = 0x7fff_0000
const ERROR = 0x0005_0000
const EPERM = 1
const ENOSYS = 38

/** Offsets in `struct seccomp_data`; an argument has eight bytes, the lower half first. */
const NUMBER = 0
const ARCHITECTURE = 4
const offsetOf = (argument: number): number => 16 + 8 * argument

/** AUDIT_ARCH_*, and the place in `SyscallNumbers`. */
const ARCHITECTURES: Readonly<Partial<Record<NodeJS.Architecture, { audit: number; index: 0 | 1 }>>> = {
  x64: { audit: 0xc000_003e, index: 0 },
  arm64: { audit: 0xc000_00b7, index: 1 },
}

export interface SeccompFilterOptions {
  /** Whether it may send signals. Only where it sees no process but its own. */
  signals: boolean
  architecture?: NodeJS.Architecture
}

/**
 * Returns the filter of system calls of a decoder, as the kernel reads it: an array of `struct sock_filter`. Null on an architecture whose numbers we do not
 * have. What is not listed fails with ENOSYS, as on an older kernel, so libraries fall back; a call with refused arguments fails with EPERM.
 */
export function seccompFilter({ signals, architecture = process.arch }: SeccompFilterOptions): Buffer | null {
  const known = ARCHITECTURES[architecture]
  if (known === undefined) return null
  const numbersOf = (calls: Readonly<Record<string, SyscallNumbers>>): number[] =>
    Object.values(calls).flatMap(numbers => numbers[known.index] ?? [])
  return encode([
    [LOAD_WORD, 0, 0, ARCHITECTURE],
    [JUMP_IF_EQUAL, 1, 0, known.audit],
    [RETURN, 0, 0, KILL_PROCESS],
    [LOAD_WORD, 0, 0, NUMBER],
    ...numbersOf(ALLOWED_SYSCALLS).flatMap(number => whenNumber(number, [[RETURN, 0, 0, ALLOW]])),
    ...Object.values(RULED_SYSCALLS).flatMap(({ numbers, rules }) =>
      whenNumber(numbers[known.index] ?? -1, [...rules.flatMap(unlessRule), [RETURN, 0, 0, ALLOW]]),
    ),
    ...numbersOf(SIGNAL_SYSCALLS).flatMap(number =>
      whenNumber(number, [[RETURN, 0, 0, signals ? ALLOW : ERROR | EPERM]]),
    ),
    [RETURN, 0, 0, ERROR | ENOSYS],
  ])
}

/** Runs a block, which ends with a return, for one system call. */
const whenNumber = (number: number, block: Instruction[]): Instruction[] => [
  [JUMP_IF_EQUAL, 0, block.length, number],
  ...block,
]

/** Returns EPERM unless a rule holds. */
function unlessRule({ argument, mask = 0xffff_ffff, operator, value }: ArgumentRule): Instruction[] {
  const [whenEqual, whenNot] = operator === 'is' ? [1, 0] : [0, 1]
  return [
    [LOAD_WORD, 0, 0, offsetOf(argument)],
    [AND, 0, 0, mask],
    [JUMP_IF_EQUAL, whenEqual, whenNot, value],
    [RETURN, 0, 0, ERROR | EPERM],
  ]
}

function encode(instructions: readonly Instruction[]): Buffer {
  const bytes = Buffer.alloc(instructions.length * INSTRUCTION_BYTES)
  for (const [n, [code, jumpTrue, jumpFalse, operand]] of instructions.entries()) {
    const at = n * INSTRUCTION_BYTES
    bytes.writeUInt16LE(code, at)
    bytes.writeUInt8(jumpTrue, at + 2)
    bytes.writeUInt8(jumpFalse, at + 3)
    bytes.writeUInt32LE(operand >>> 0, at + 4)
  }
  return bytes
}
