import { JOB_PAYLOAD_VERSION, JobPayload } from '@darkroom/contracts'
import { z } from 'zod'
import { HAND_BACK_UNTIL_MS } from './settings.ts'

const NewerPayload = z.object({ v: z.int().gt(JOB_PAYLOAD_VERSION) })

/** What to do with the data of an entry. */
export type Reading = { type: 'run'; payload: JobPayload } | { type: 'handBack' } | { type: 'drop'; reason: string }

/**
 * Reads the data of an entry. A newer version means that a deployment is under way, so the entry is returned to the
 * queue for a newer worker. The entry is dropped when none has come within ten minutes (the deployment was rolled
 * back), or when no version can read the data. Its row is still queued, so the dispatcher adds it again in its own
 * version: nothing is lost, and nothing is recorded as completed.
 */
export function readPayload(data: unknown, ageMs: number): Reading {
  const known = JobPayload.safeParse(data)
  if (known.success) return { type: 'run', payload: known.data }
  if (!NewerPayload.safeParse(data).success) return { type: 'drop', reason: 'the payload is not valid' }
  return ageMs < HAND_BACK_UNTIL_MS
    ? { type: 'handBack' }
    : { type: 'drop', reason: 'no worker for this payload version came' }
}
