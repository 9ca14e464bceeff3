import { newId } from '@darkroom/core'
import { and, eq, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm'
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

/** Where a standing key is one of these, another request may have it. */
const isFree = (fingerprint: SQL | string): SQL =>
  sql`${isExpired} OR (${isAbandoned} AND ${idempotencyKeys.fingerprint} = ${fingerprint})`

/** A request and what comes of it, which is known before it is done. */
export interface ForeseenRequest extends IdempotentRequest {
  outcome: unknown
}

/**
 * Records what comes of requests of different keys, in the transaction that does it: none is claimed before, so that a crash
 * leaves nothing. Whoever has the same key waits for the end of the transaction.
 * @returns by key, what stands of a request that must not be done
 */
export async function completeIdempotencyKeys(
  tx: Tx,
  requests: readonly ForeseenRequest[],
): Promise<Map<string, Exclude<Claim, { state: 'claimed' }>>> {
  const [first] = requests
  if (!first) return new Map()
  const { projectId, route } = first
  const input = requests.map(({ key, fingerprint, outcome }) => ({ key, fingerprint, outcome, claim_token: newId() }))
  const won = await tx.execute<{ key: string }>(sql`
    INSERT INTO idempotency_keys (project_id, route, key, fingerprint, claim_token, completed_at, outcome)
    SELECT ${projectId}::uuid, ${route}, key, fingerprint, claim_token, now(), outcome
    FROM json_to_recordset(${JSON.stringify(input)}::json) AS given (key text, fingerprint text, claim_token uuid, outcome jsonb)
    -- Always in the same order, so that no two wait for each other.
    ORDER BY key
    ON CONFLICT (project_id, route, key) DO UPDATE SET fingerprint = excluded.fingerprint, claim_token = excluded.claim_token,
      claimed_at = now(), completed_at = now(), outcome = excluded.outcome
    WHERE ${isFree(sql`excluded.fingerprint`)}
    RETURNING key`)
  const isWon = new Set(won.map(({ key }) => key))
  const lost = requests.filter(({ key }) => !isWon.has(key))
  if (lost.length === 0) return new Map()
  const standing = await tx.select().from(idempotencyKeys).where(areThey(first, lost))
  const byKey = new Map(standing.map(row => [row.key, row]))
  return new Map(lost.map(({ key, fingerprint }) => [key, stateOf(byKey.get(key), fingerprint)]))
}

/** Forgets keys that were recorded in the same transaction, of requests of which nothing came. */
export async function forgetIdempotencyKeys(tx: Tx, requests: readonly IdempotentRequest[]): Promise<void> {
  const [first] = requests
  if (first) await tx.delete(idempotencyKeys).where(areThey(first, requests))
}

/** Selects keys of one project and route. */
const areThey = ({ projectId, route }: IdempotentRequest, requests: readonly IdempotentRequest[]): SQL | undefined =>
  and(
    eq(idempotencyKeys.projectId, projectId),
    eq(idempotencyKeys.route, route),
    inArray(
      idempotencyKeys.key,
      requests.map(({ key }) => key),
    ),
  )

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
      setWhere: isFree(fingerprint),
    })
    .returning({ claimToken: idempotencyKeys.claimToken })
  if (won) return { state: 'claimed', claimToken }
  const [standing] = await tx.select().from(idempotencyKeys).where(isIt(request))
  return stateOf(standing, fingerprint)
}

/** Returns what a key stands for that another request has. */
function stateOf(
  standing: typeof idempotencyKeys.$inferSelect | undefined,
  fingerprint: string,
): Exclude<Claim, { state: 'claimed' }> {
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
