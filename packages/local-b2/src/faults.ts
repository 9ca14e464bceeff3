import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Reply } from './http/reply.ts'

export type FaultKind =
  | 'slow-down'
  | 'cap-exceeded'
  | 'wrong-key'
  | 'reset'
  | 'hang'
  | 'truncate'
  | 'lost-response'
  | 'flip-byte'
  | 'delay'

export interface Fault {
  /** All that are given must hold; an empty match is every request. */
  match?: { method?: string; key?: string | RegExp; operation?: string }
  kind: FaultKind
  /** How often it strikes (connections, with `perConnection`); for ever when absent. */
  times?: number
  /** `slow-down`: seconds for Retry-After. */
  retryAfterSec?: number
  /** `truncate`: bytes of the body that are sent. `flip-byte`: offset of the byte. */
  bytes?: number
  /** `delay`: milliseconds before the request is handled, unless the faults are cleared earlier. */
  ms?: number
  /** The fault stays with the TCP connection it first struck, as B2's "no tomes available" does. */
  perConnection?: boolean
}

export interface FaultSwitch {
  set(fault: Fault): void
  /** Removes all faults; what one delays is handled now. */
  clear(): void
}

interface Armed {
  fault: Fault
  left: number
  struck: WeakSet<Socket>
}

export interface FaultSubject {
  method: string
  key: string | undefined
  operation: string
  socket: Socket
}

function fits({ match = {} }: Fault, subject: FaultSubject): boolean {
  if (match.method !== undefined && match.method !== subject.method) return false
  if (match.operation !== undefined && match.operation !== subject.operation) return false
  if (match.key === undefined) return true
  const key = subject.key ?? ''
  return typeof match.key === 'string' ? key.includes(match.key) : match.key.test(key)
}

function strikes(armed: Armed, subject: FaultSubject): boolean {
  if (!fits(armed.fault, subject)) return false
  if (armed.fault.perConnection && armed.struck.has(subject.socket)) return true
  if (armed.left <= 0) return false
  armed.left -= 1
  armed.struck.add(subject.socket)
  return true
}

export interface Faults extends FaultSwitch {
  /** The first fault that strikes this request, counted as used. */
  take(subject: FaultSubject): Fault | undefined
  /** Waits `ms` milliseconds, or until the faults are cleared. */
  delay(ms: number): Promise<void>
}

export function createFaults(): Faults {
  let all: Armed[] = []
  let clearing = new AbortController()
  return {
    set(fault) {
      all.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY, struck: new WeakSet() })
    },
    clear() {
      all = []
      clearing.abort()
      clearing = new AbortController()
    },
    take: subject => all.find(armed => strikes(armed, subject))?.fault,
    delay: ms => sleep(ms, undefined, { signal: clearing.signal }).catch(() => undefined),
  }
}

async function* truncated(body: AsyncIterable<Buffer>, bytes: number): AsyncGenerator<Buffer> {
  let left = bytes
  for await (const chunk of body) {
    if (chunk.length >= left) {
      if (left > 0) yield chunk.subarray(0, left)
      throw Object.assign(new Error('truncated by a fault'), { code: 'ECONNRESET' })
    }
    left -= chunk.length
    yield chunk
  }
}

async function* flipped(body: AsyncIterable<Buffer>, offset: number): AsyncGenerator<Buffer> {
  let position = 0
  for await (const chunk of body) {
    const at = offset - position
    position += chunk.length
    if (at < 0 || at >= chunk.length) yield chunk
    else {
      const copy = Buffer.from(chunk)
      copy[at] = (copy[at] ?? 0) ^ 1
      yield copy
    }
  }
}

async function* stream(body: string | Buffer): AsyncGenerator<Buffer> {
  yield typeof body === 'string' ? Buffer.from(body) : body
}

/** Damages the body of a reply as `truncate` and `flip-byte` ask; the announced length stays. */
export function damageReply(reply: Reply, fault: Fault | undefined): Reply {
  const { body } = reply
  if (body === undefined || (fault?.kind !== 'truncate' && fault?.kind !== 'flip-byte')) return reply
  const isText = typeof body === 'string' || Buffer.isBuffer(body)
  const length = isText ? { 'content-length': Buffer.byteLength(body) } : {}
  const source = isText ? stream(body) : body
  const damage = fault.kind === 'truncate' ? truncated : flipped
  return { ...reply, headers: { ...length, ...reply.headers }, body: damage(source, fault.bytes ?? 0) }
}
