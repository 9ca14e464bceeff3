import { readFileSync } from 'node:fs'
import { eventually } from '../eventually.ts'
import type { Service } from './service.ts'

const START_MS = 60_000

/** @throws Error with the end of its log when it ends before it answers */
export async function untilAnswers(service: Service): Promise<void> {
  const isUp = async () => {
    if (service.exit) throw new Error(`${service.name} ended before it was up: ${service.logTail()}`)
    try {
      return (await fetch(`${service.url}/healthz`)).ok
    } catch {
      // Nobody listens yet.
      return false
    }
  }
  await eventually(`${service.name} answers`, isUp, Boolean, { withinMs: START_MS, everyMs: 50 })
}

const SIGTERM_BIT = 1n << 14n

/** A worker listens nowhere: it is up as far as a supervisor can tell when SIGTERM no longer just ends it. */
export async function untilTakesSignals(service: Service): Promise<void> {
  const takesSignals = () => service.exit !== null || (caughtSignals(service.pid) & SIGTERM_BIT) !== 0n
  await eventually(`${service.name} takes signals`, takesSignals, Boolean, { withinMs: START_MS, everyMs: 50 })
}

function caughtSignals(pid: number): bigint {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8')
    return BigInt(`0x${/^SigCgt:\s*(\w+)$/m.exec(status)?.[1] ?? '0'}`)
  } catch {
    // It ended.
    return 0n
  }
}
