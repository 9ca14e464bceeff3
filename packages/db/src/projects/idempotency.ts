import { newId } from '@darkroom/core'
import { and, eq, isNull, lt, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { idempotencyKeys } from '../schema/index.ts'

/** Which request: the same key is another one in another project or on another route. */
export interface IdempotentRequest {
  projectId: string
  route: string
  key: string
  /** Of what was asked for. */
  fingerprint: string
}

export type Claim =
  | { state: 'claimed'; claimToken: string }
  | { state: 'completed'; outcome: unknown }
  | { state: 'in_flight' }
  | { state: 'mismatch' }

/** After this long a claim is taken for that of a process that died. */
const CLAIM = sql`interval '60 seconds'`
/** How long a key is remembered. */
const KEEP = sql`interval '24 hours'`

const isExpired = sql`(${idempotencyKeys.claimedAt} <= now() - ${KEEP})`
const isAbandoned = sql`(${idempotencyKeys.completedAt} IS NULL AND ${idempotencyKeys.claimedAt} <= now() - ${CLAIM})`

function isIt({ projectId, route, key }: IdempotentRequest): SQL | undefined {
  const { projectId: ofProject, route: onRoute, key: withKey } = idempotencyKeys
  return and(eq(ofProject, projectId), eq(onRoute, route), eq(withKey, key))
}

/** Takes the right to do what a request asks for, or tells why not; one statement, one winner. */
export async function claimIdempotencyKey(tx: Tx, request: IdempotentRequest): Promise<Claim> {
  const claimToken = newId()
  const { projectId, route, key, fingerprint } = request
  const [won] = await tx
    .insert(idempotencyKeys)
    .values({ projectId, route, key, fingerprint, claimToken })
    .onConflictDoUpdate({
      target: [idempotencyKeys.projectId, idempotencyKeys.route, idempotencyKeys.key],
      set: { fingerprint, claimToken, claimedAt: sql`now()`, completedAt: null, outcome: null },
      setWhere: sql`${isExpired} OR (${isAbandoned} AND ${idempotencyKeys.fingerprint} = ${fingerprint})`,
    })
    .returning({ claimToken: idempotencyKeys.claimToken })
  if (won) return { state: 'claimed', claimToken }
  const [standing] = await tx.select().from(idempotencyKeys).where(isIt(request))
  // Its owner gave it back between the two statements.
  if (!standing) return { state: 'in_flight' }
  if (standing.fingerprint !== fingerprint) return { state: 'mismatch' }
  return standing.completedAt ? { state: 'completed', outcome: standing.outcome } : { state: 'in_flight' }
}

/**
 * Records what came of a claimed request, in the transaction that brings it about.
 * @returns false when the claim was taken over in the meantime: nothing may be committed then
 */
export async function completeIdempotencyKey(
  tx: Tx,
  request: IdempotentRequest,
  { claimToken, outcome }: { claimToken: string; outcome: unknown },
): Promise<boolean> {
  const rows = await tx
    .update(idempotencyKeys)
    .set({ completedAt: sql`now()`, outcome: outcome ?? null })
    .where(and(isIt(request), eq(idempotencyKeys.claimToken, claimToken), isNull(idempotencyKeys.completedAt)))
    .returning({ key: idempotencyKeys.key })
  return rows.length > 0
}

/** Gives a claim back after a failure, so that the same request may be made again at once. */
export async function releaseIdempotencyKey(tx: Tx, request: IdempotentRequest, claimToken: string): Promise<void> {
  await tx
    .delete(idempotencyKeys)
    .where(and(isIt(request), eq(idempotencyKeys.claimToken, claimToken), isNull(idempotencyKeys.completedAt)))
}

/** Forgets keys that no longer count. */
export async function deleteOldIdempotencyKeys(tx: Tx): Promise<number> {
  const rows = await tx
    .delete(idempotencyKeys)
    .where(lt(idempotencyKeys.claimedAt, sql`now() - ${KEEP}`))
    .returning({ key: idempotencyKeys.key })
  return rows.length
}
