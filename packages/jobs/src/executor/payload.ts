import { JOB_PAYLOAD_VERSION, JobPayload } from '@darkroom/contracts'
import { z } from 'zod'
import { HAND_BACK_UNTIL_MS } from './settings.ts'

const NewerPayload = z.object({ v: z.int().gt(JOB_PAYLOAD_VERSION) })

/** What to do with the data of an entry. */
export type Reading = { type: 'run'; payload: JobPayload } | { type: 'handBack' } | { type: 'drop'; reason: string }

/**
 * A newer version means that a deployment is under way: the entry is handed back, for a newer worker to run. When none has come by
 * the entry's tenth minute (the deployment was rolled back), or when nobody will ever understand the data, the entry is dropped:
 * its row is still queued, so the dispatcher adds it again in the version that it speaks. Nothing is lost, and nothing is recorded
 * as completed.
 */
export function readPayload(data: unknown, ageMs: number): Reading {
  const known = JobPayload.safeParse(data)
  if (known.success) return { type: 'run', payload: known.data }
  if (!NewerPayload.safeParse(data).success) return { type: 'drop', reason: 'the payload is not valid' }
  return ageMs < HAND_BACK_UNTIL_MS
    ? { type: 'handBack' }
    : { type: 'drop', reason: 'no worker for this payload version came' }
}
