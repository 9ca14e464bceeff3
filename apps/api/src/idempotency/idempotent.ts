import { appError } from '@darkroom/contracts'
import type { Commit, DatabaseClient } from '@darkroom/db/client'
import {
  type Claim,
  claimIdempotencyKey,
  completeIdempotencyKey,
  type IdempotentRequest,
  releaseIdempotencyKey,
} from '@darkroom/db/projects'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { idempotentRequestOf } from './request-key.ts'

interface Deps {
  database: Pick<DatabaseClient, 'db'>
}

export interface Work<T, Outcome> {
  /** Checks what there is to check and hands its effect to `commit`, which runs it in one transaction with the record. */
  perform(commit: Commit<T>): Promise<T>
  /** What is recorded: ids, never a secret. */
  outcomeOf(value: T): Outcome
  /** Reads again what was done, for whoever repeats the request: both answers are rendered the same way. */
  recall(outcome: Outcome): Promise<T>
}

/**
 * Does what a POST asks for once per `Idempotency-Key`. Killed anywhere before the commit, nothing has happened, and after 60
 * seconds somebody else may try. Without the header it is just a transaction.
 * @throws IDEMPOTENCY_MISMATCH, IDEMPOTENCY_IN_FLIGHT, and whatever the work throws; the key is free again then
 */
export async function idempotent<T, Outcome = string>(
  { database: { db } }: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  { perform, outcomeOf, recall }: Work<T, Outcome>,
): Promise<T> {
  const asked = idempotentRequestOf(request)
  if (!asked) return perform((effect, options) => (options?.isOneStatement ? effect(db) : db.transaction(effect)))
  const claim = accept(await claimIdempotencyKey(db, asked))
  if (claim.state === 'completed') return replayed(reply, await recall(claim.outcome as Outcome))
  const { claimToken } = claim
  const commit: Commit<T> = effect =>
    db.transaction(async tx => {
      const value = await effect(tx)
      const outcome = outcomeOf(value)
      // Taken over by somebody else meanwhile: what we did is rolled back.
      if (!(await completeIdempotencyKey(tx, asked, { claimToken, outcome }))) throw inFlight()
      return value
    })
  return releasing(db, asked, claimToken, () => perform(commit))
}

/**
 * Does the same for a POST that may be repeated: a repetition runs again, for fresh URLs or the current state, and is
 * marked as a repetition. Only a key that comes with another request, or too early, is refused.
 */
export async function repeatable<T>(
  { database: { db } }: Deps,
  request: FastifyRequest,
  reply: FastifyReply,
  work: () => Promise<T>,
): Promise<T> {
  const asked = idempotentRequestOf(request)
  if (!asked) return work()
  const claim = accept(await claimIdempotencyKey(db, asked))
  if (claim.state === 'completed') return replayed(reply, await work())
  const { claimToken } = claim
  const answer = await releasing(db, asked, claimToken, work)
  await completeIdempotencyKey(db, asked, { claimToken, outcome: null })
  return answer
}

const IN_FLIGHT_RETRY_SEC = 1
const inFlight = () => appError('IDEMPOTENCY_IN_FLIGHT', undefined, { retryAfterSec: IN_FLIGHT_RETRY_SEC })

function accept(claim: Claim): Extract<Claim, { state: 'claimed' | 'completed' }> {
  if (claim.state === 'mismatch') throw appError('IDEMPOTENCY_MISMATCH')
  if (claim.state === 'in_flight') throw inFlight()
  return claim
}

function replayed<T>(reply: FastifyReply, value: T): T {
  reply.header('idempotency-replayed', 'true')
  return value
}

/** Runs what was claimed; a failure gives the key back. Should that fail as well, the claim runs out by itself. */
async function releasing<T>(
  db: DatabaseClient['db'],
  asked: IdempotentRequest,
  claimToken: string,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    await releaseIdempotencyKey(db, asked, claimToken).catch(() => undefined)
    throw error
  }
}
