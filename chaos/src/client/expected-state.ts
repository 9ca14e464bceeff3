import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * What the system has guaranteed for an upload. `created`: only that it ends. `stored`: the store has the bytes, unconfirmed.
 * `confirmed` and `deleted`: what a 202 promised. `deleting`: requested, without an answer so far.
 */
export type Guarantee = 'created' | 'stored' | 'confirmed' | 'deleting' | 'deleted'

/** Projects of a deployment. */
export type Tenant = 'project' | 'other'

export interface Entry {
  tenant: Tenant
  assetId: string
  uploadId: string
  byteSize: number
  sha256: string
  guarantee: Guarantee
}

/** The expected state: every acknowledged upload, recorded in a file outside the system for the checker. */
export interface ExpectedState {
  /** Writes an entry before the client continues. */
  record(entry: Entry): void
  /** Returns the latest entry of each asset since `openRound`. */
  entries(): Entry[]
  openRound(): void
}

export function createExpectedState(file: string): ExpectedState {
  mkdirSync(dirname(file), { recursive: true })
  let current = new Map<string, Entry>()
  return {
    record(entry) {
      appendFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), ...entry })}\n`)
      current.set(entry.assetId, entry)
    },
    entries: () => [...current.values()],
    openRound() {
      current = new Map()
    },
  }
}
