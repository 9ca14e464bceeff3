import { setTimeout as sleep } from 'node:timers/promises'
import type { QueueWorker } from '../executor/index.ts'
import type { LeaseRenewal } from './lease-renewal.ts'

/** The time for aborted runs to end. One that hangs even then must not keep the process alive; others take its jobs when the leases expire. */
const ABANDON_MS = 30_000
/** A queue that delivers nothing for so long, and does not close either, does not answer. */
const QUEUE_SILENT_MS = 3000
const LOOK_EVERY_MS = 50

/** Takes no more work, lets runs finish within the grace period, then aborts the others, whose jobs are queued again. */
export async function drain(
  workers: readonly Pick<QueueWorker, 'active' | 'close'>[],
  leases: Pick<LeaseRenewal, 'abortAll'>,
  graceSec: number,
): Promise<void> {
  let isClosed = false
  let busyAt = performance.now()
  const closing = Promise.all(workers.map(worker => worker.close())).then(() => {
    isClosed = true
  })
  const isOver = () => {
    if (workers.some(({ active }) => active > 0)) busyAt = performance.now()
    return isClosed || performance.now() - busyAt > QUEUE_SILENT_MS
  }
  const within = async (ms: number) => {
    const deadline = performance.now() + ms
    while (!isOver() && performance.now() < deadline)
      await Promise.race([closing, sleep(LOOK_EVERY_MS, undefined, { ref: false })])
  }
  await within(graceSec * 1000)
  if (isOver()) return
  leases.abortAll()
  await within(ABANDON_MS)
}
