import { appError, type BackfillOutcome, type PresetRef } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { and, desc, eq, inArray, lt, sql } from 'drizzle-orm'
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core'
import type { Tx } from '../client/client.ts'
import { LOWEST_ID } from '../client/uuids.ts'
import { isOfOpenProject } from '../projects/closed-projects.ts'
import { type BackfillRow, backfills, presets } from '../schema/index.ts'
import { type AssetSelection, measureSelection } from './backfill-assets.ts'

/** With the preset version that it moves assets to. */
export type BackfillRecord = BackfillRow & { preset: PresetRef }

/**
 * Begins to move assets to a preset version; the worker goes on with it. One at a time in a project, so that two never take
 * assets from each other.
 * @throws BACKFILL_ACTIVE
 */
export async function createBackfill(
  tx: Tx,
  input: { selection: AssetSelection; presetId: string; canary: number; ratePerMinute: number | null },
): Promise<BackfillRow> {
  const { selection, presetId, canary, ratePerMinute } = input
  const { projectId, filter, from } = selection
  const measured = await measureSelection(tx, selection)
  const [row] = await tx
    .insert(backfills)
    .values({
      id: newId(),
      projectId,
      presetId,
      filter: { ...filter, fromPreset: from.version === null ? from.name : `${from.name}@${from.version}` },
      canary,
      ratePerMinute,
      lastAssetId: measured?.lastAssetId ?? LOWEST_ID,
      total: measured?.total ?? 0,
    })
    .onConflictDoNothing()
    .returning()
  if (!row) throw appError('BACKFILL_ACTIVE')
  return row
}

const record = { backfill: backfills, preset: { name: presets.name, version: presets.version } }

export async function findBackfill(tx: Tx, projectId: string, id: string): Promise<BackfillRecord | null> {
  const [row] = await tx
    .select(record)
    .from(backfills)
    .innerJoin(presets, eq(presets.id, backfills.presetId))
    .where(and(eq(backfills.id, id), eq(backfills.projectId, projectId)))
  return row ? { ...row.backfill, preset: row.preset } : null
}

/** Lists a page of a project's backfills, the newest first. `after` is the last id seen. */
export async function listBackfills(
  tx: Tx,
  projectId: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<BackfillRecord[]> {
  const rows = await tx
    .select(record)
    .from(backfills)
    .innerJoin(presets, eq(presets.id, backfills.presetId))
    .where(and(eq(backfills.projectId, projectId), after ? lt(backfills.id, after) : undefined))
    .orderBy(desc(backfills.id))
    .limit(limit)
  return rows.map(({ backfill, preset }) => ({ ...backfill, preset }))
}

/** What a person can do to a backfill. Asked for twice is fine. */
export type BackfillAction = 'pause' | 'resume' | 'cancel'

const CHANGES = {
  pause: {
    from: ['running'],
    set: { status: 'paused', pausedBy: 'person', reason: 'Paused by a person.' },
  },
  resume: {
    from: ['paused'],
    set: {
      status: 'running',
      pausedBy: null,
      reason: null,
      // Who goes on after a canary failed has judged it.
      canaryPassedAt: sql`CASE WHEN ${backfills.pausedBy} = 'canary' THEN now() ELSE ${backfills.canaryPassedAt} END`,
    },
  },
  cancel: {
    from: ['running', 'paused'],
    set: { status: 'cancelled', pausedBy: null, reason: null, finishedAt: sql`now()` },
  },
} as const

/**
 * Pauses, resumes or cancels. Jobs that were made go on in any case: they are few.
 * @returns null when there is no such backfill
 * @throws BACKFILL_ENDED
 */
export async function changeBackfill(
  tx: Tx,
  { projectId, id, action }: { projectId: string; id: string; action: BackfillAction },
): Promise<BackfillRecord | null> {
  const { from, set } = CHANGES[action]
  await tx
    .update(backfills)
    .set(set)
    .where(and(eq(backfills.id, id), eq(backfills.projectId, projectId), inArray(backfills.status, [...from])))
  const row = await findBackfill(tx, projectId, id)
  if (row?.finishedAt && !(action === 'cancel' && row.status === 'cancelled'))
    throw appError('BACKFILL_ENDED', `The backfill is ${row.status}.`)
  return row
}

/** Backfills that are not through, and those whose last jobs have to be counted. */
export async function findActiveBackfills(tx: Tx): Promise<string[]> {
  const rows = await tx.execute<{ id: string }>(sql`
    SELECT id FROM backfills
    WHERE (status = 'running' OR status IN ('paused', 'cancelled') AND started > succeeded + partial + failed + cancelled)
      -- Not while its project is being deleted; it goes on when that is undone.
      AND ${isOfOpenProject}
    ORDER BY id`)
  return rows.map(row => row.id)
}

/** Counts the jobs of a backfill that wait or run. */
export const openJobs = ({ started, succeeded, partial, failed, cancelled }: BackfillRow): number =>
  started - succeeded - partial - failed - cancelled

/** Takes a backfill's row, which is the right to go on with it; null while another process has it. */
export async function lockBackfill(tx: Tx, id: string): Promise<BackfillRow | null> {
  const [row] = await tx.select().from(backfills).where(eq(backfills.id, id)).for('update', { skipLocked: true })
  return row ?? null
}

/** Counts the jobs that have ended since, into the locked row. */
export async function countEnded(tx: Tx, row: BackfillRow): Promise<BackfillRow> {
  const ended = await tx.execute<{ outcome: BackfillOutcome; code: string | null }>(sql`
    UPDATE backfill_items AS item SET
      outcome = CASE
        WHEN jobs.status = 'succeeded' AND assets.status = 'partial' THEN 'partial'
        -- It made what it had to, and the rest too often in vain.
        WHEN jobs.status = 'failed' AND EXISTS (
          SELECT FROM job_attempts AS last
          WHERE last.job_id = jobs.id AND last.attempt = jobs.attempt AND last.outcome = 'incomplete'
        ) THEN 'partial'
        ELSE jobs.status
      END,
      code = CASE
        WHEN jobs.status = 'failed' THEN jobs.error->>'code'
        WHEN jobs.status = 'succeeded' AND assets.status = 'partial' THEN (
          SELECT error->>'code' FROM variants WHERE asset_id = assets.id AND variants.error IS NOT NULL
          ORDER BY position LIMIT 1
        )
      END
    FROM jobs JOIN assets ON assets.id = jobs.asset_id
    WHERE item.backfill_id = ${row.id} AND item.outcome IS NULL AND jobs.id = item.job_id
      AND jobs.status IN ('succeeded', 'failed', 'cancelled')
    RETURNING item.outcome, item.code`)
  if (ended.length === 0) return row
  const counts = { succeeded: 0, partial: 0, failed: 0, cancelled: 0 }
  const failures = { ...row.failures }
  for (const { outcome, code } of ended) {
    counts[outcome]++
    if (code !== null) failures[code] = (failures[code] ?? 0) + 1
  }
  return updateBackfill(tx, row.id, {
    succeeded: row.succeeded + counts.succeeded,
    partial: row.partial + counts.partial,
    failed: row.failed + counts.failed,
    cancelled: row.cancelled + counts.cancelled,
    failures,
  })
}

/** Changes a locked row. */
export async function updateBackfill(
  tx: Tx,
  id: string,
  set: PgUpdateSetSource<typeof backfills>,
): Promise<BackfillRow> {
  const [row] = await tx.update(backfills).set(set).where(eq(backfills.id, id)).returning()
  if (!row) throw new Error(`backfill ${id} is gone although its row is locked`)
  return row
}

/** Writes the result of the canary, and whether the backfill is done, into the locked row of a running backfill. */
export async function judgeBackfill(tx: Tx, row: BackfillRow): Promise<BackfillRow> {
  if (row.status !== 'running') return row
  const isOver = row.walkedAt !== null && openJobs(row) === 0
  const failed = row.failed + row.partial
  if (inCanary(row) && failed > 0) {
    const codes = Object.keys(row.failures).join(', ')
    const reason = `${failed} of the first ${row.started} assets failed: ${codes}. Resume the backfill to continue anyway.`
    return updateBackfill(tx, row.id, { status: 'paused', pausedBy: 'canary', reason })
  }
  if (isOver) return updateBackfill(tx, row.id, { status: 'completed', finishedAt: sql`now()` })
  if (inCanary(row) && row.started >= row.canary && openJobs(row) === 0)
    return updateBackfill(tx, row.id, { canaryPassedAt: sql`now()` })
  return row
}

/** Tells whether a backfill has only processed its canary so far. */
export const inCanary = ({ canary, canaryPassedAt }: BackfillRow): boolean => canary > 0 && canaryPassedAt === null
