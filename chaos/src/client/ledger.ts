import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * What the system owes for an upload. `created`: nothing but that it ends. `stored`: the store has the bytes and nobody
 * confirmed them. `confirmed` and `deleted`: what was promised by a 202. `deleting`: asked for, and no answer was heard yet.
 */
export type Debt = 'created' | 'stored' | 'confirmed' | 'deleting' | 'deleted'

/** Projects of a universe. */
export type Tenant = 'project' | 'other'

export interface Entry {
  tenant: Tenant
  assetId: string
  uploadId: string
  byteSize: number
  sha256: string
  debt: Debt
}

/** Every acknowledged upload, in a file outside the system: what the checker holds the system to. */
export interface Ledger {
  /** Written before the client goes on. */
  record(entry: Entry): void
  /** The latest debt of each asset, of those recorded since `openRound`. */
  entries(): Entry[]
  openRound(): void
}

export function createLedger(file: string): Ledger {
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
