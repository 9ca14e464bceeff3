import type { AuditQuery, AuditResult } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { and, desc, eq, lt, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { uuidAround, uuidFrom } from '../client/uuids.ts'
import { type AuditRow, apiKeys, auditEntries } from '../schema/index.ts'

/** What is recorded of a change. */
export type NewAuditEntry = Pick<AuditRow, 'keyId' | 'isOperator' | 'action' | 'targetType' | 'result'> &
  Partial<Pick<AuditRow, 'target' | 'projectId' | 'code' | 'input' | 'outcome' | 'requestId'>>

/** Records what an admin did, in the transaction that does it. Returns the id of the entry. */
export async function insertAuditEntry(tx: Tx, entry: NewAuditEntry): Promise<string> {
  const id = newId()
  await tx.insert(auditEntries).values({ id, ...entry })
  return id
}

/** Says how a change ended that was recorded when it began. */
export async function endAuditEntry(
  tx: Tx,
  id: string,
  end: { result: AuditResult; code?: string; outcome?: Record<string, unknown> },
): Promise<void> {
  await tx.update(auditEntries).set(end).where(eq(auditEntries.id, id))
}

export type ListedAuditEntry = AuditRow & { keyName: string | null }

type AuditFilter = Omit<AuditQuery, 'cursor' | 'limit' | 'projectId' | 'after' | 'before'> & {
  projectId: string | null
  madeAfter: string | undefined
  madeBefore: string | undefined
}

/** Lists a page of entries, the newest first, with the names of the keys; of one project or of all. */
export async function listAuditEntries(
  tx: Tx,
  filter: AuditFilter,
  { after, limit }: { after: string | null; limit: number },
): Promise<ListedAuditEntry[]> {
  const rows = await tx
    .select({ entry: auditEntries, keyName: apiKeys.name })
    .from(auditEntries)
    .leftJoin(apiKeys, eq(apiKeys.shortId, auditEntries.keyId))
    .where(and(...conditionsOf(filter), after === null ? undefined : lt(auditEntries.id, after)))
    .orderBy(desc(auditEntries.id))
    .limit(limit)
  return rows.map(({ entry, keyName }) => ({ ...entry, keyName }))
}

function conditionsOf({
  projectId,
  key,
  action,
  targetType,
  target,
  result,
  madeAfter,
  madeBefore,
}: AuditFilter): SQL[] {
  const { id, at } = auditEntries
  const given: [unknown, () => SQL][] = [
    [projectId ?? undefined, () => eq(auditEntries.projectId, projectId ?? '')],
    [key, () => eq(auditEntries.keyId, key ?? '')],
    [action, () => eq(auditEntries.action, action ?? '')],
    [targetType, () => sql`${auditEntries.targetType} = ${targetType}`],
    [target, () => eq(auditEntries.target, target ?? '')],
    [result, () => sql`${auditEntries.result} = ${result}`],
    // By id as well, which has an index: it begins with the time, by the clock of the process.
    [madeAfter, () => sql`${id} > ${uuidAround(madeAfter ?? '', -1)} AND ${at} > ${madeAfter}::timestamptz`],
    [madeBefore, () => sql`${id} < ${uuidAround(madeBefore ?? '', 1)} AND ${at} < ${madeBefore}::timestamptz`],
  ]
  return given.filter(([value]) => value !== undefined).map(([, condition]) => condition())
}

/** How long entries are kept. */
const KEPT = sql`interval '400 days'`

/** Deletes entries that are too old, at most `limit`. Returns how many. */
export async function deleteOldAuditEntries(tx: Tx, limit: number): Promise<number> {
  const gone = await tx.execute(sql`
    DELETE FROM audit_entries WHERE id IN (
      SELECT id FROM audit_entries WHERE id < ${uuidFrom(sql`now() - ${KEPT}`)} ORDER BY id LIMIT ${limit}
    ) RETURNING 1`)
  return gone.length
}
