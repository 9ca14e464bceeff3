import { setTimeout as sleep } from 'node:timers/promises'
import { appError } from '@darkroom/contracts'
import type { Database } from '@darkroom/db/client'
import { askWriterToEnd, releaseWriter, renewWriter, takeWriter } from '@darkroom/db/uploads'

/** A process that dies keeps others waiting so long. */
const LEASE_SEC = 6
const RENEW_EVERY_MS = 1500
/** Longer than the lease: whoever comes after a process that died gets its turn. */
const WAIT_AT_MOST_MS = 12_000
const LOOK_EVERY_MS = 200

export interface Writer {
  uploadId: string
  token: string
  /** Aborted when the writer has to keep what it has and end: another request waits, the process stops, or it is the writer no more. */
  end: AbortSignal
}

interface Deps {
  database: { db: Database }
  /** Whether this process is about to stop. */
  isStopping(): boolean
}

/**
 * Runs work as the only writer of an upload by tus, over all processes. A writer that is there is asked to end: mostly its client has
 * come back on another connection.
 * @throws UPLOAD_LOCKED when it does not end in time
 */
export async function asOnlyWriter<T>(
  { database: { db }, isStopping }: Deps,
  uploadId: string,
  work: (writer: Writer) => Promise<T>,
): Promise<T> {
  const token = await waitForTurn(db, uploadId)
  const end = new AbortController()
  const done = new AbortController()
  const kept = keepTurn(db, { uploadId, token, isStopping }, end, done.signal)
  try {
    return await work({ uploadId, token, end: end.signal })
  } finally {
    done.abort()
    await kept
    // Should this fail, the turn ends by its time.
    await releaseWriter(db, { uploadId, token }).catch(() => undefined)
  }
}

async function waitForTurn(db: Database, uploadId: string): Promise<string> {
  const deadline = performance.now() + WAIT_AT_MOST_MS
  for (;;) {
    const token = await takeWriter(db, uploadId, LEASE_SEC)
    if (token) return token
    if (performance.now() > deadline) throw appError('UPLOAD_LOCKED')
    await askWriterToEnd(db, uploadId)
    await sleep(LOOK_EVERY_MS)
  }
}

async function keepTurn(
  db: Database,
  { uploadId, token, isStopping }: { uploadId: string; token: string; isStopping(): boolean },
  end: AbortController,
  done: AbortSignal,
): Promise<void> {
  while (!end.signal.aborted && (await hasSlept(done))) {
    const renewed = await renewWriter(db, { uploadId, token, leaseSec: LEASE_SEC }).catch(() => null)
    if (!renewed || renewed.isWanted || isStopping()) end.abort()
  }
  // What is held is kept in the store meanwhile, which may take longer than a lease.
  while (await hasSlept(done)) await renewWriter(db, { uploadId, token, leaseSec: LEASE_SEC }).catch(() => null)
}

/** Waits for the next renewal. @returns false when there is nothing to renew any more */
const hasSlept = (done: AbortSignal): Promise<boolean> =>
  sleep(RENEW_EVERY_MS, true, { signal: done }).catch(() => false)
