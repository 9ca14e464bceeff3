import { appError } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { and, desc, eq, isNull, lt, or, type SQL, sql } from 'drizzle-orm'
import { unionAll } from 'drizzle-orm/pg-core'
import type { Tx } from '../client/client.ts'
import { findLivingProject } from '../projects/projects.ts'
import { jobAttempts, jobs, type QuarantineRow, quarantine } from '../schema/index.ts'

const isStanding = isNull(quarantine.releasedAt)
const appliesTo = (projectId: string) => or(eq(quarantine.projectId, projectId), isNull(quarantine.projectId))

/** Finds the quarantine of content in a project; null when there is none. */
export async function findQuarantine(tx: Tx, projectId: string, sha256: string): Promise<QuarantineRow | null> {
  const [row] = await tx
    .select()
    .from(quarantine)
    .where(and(isStanding, eq(quarantine.sha256, sha256), appliesTo(projectId)))
    .limit(1)
  return row ?? null
}

/** Tells whether any content is in quarantine for a project, so that a look-up by content is worth it. */
export async function hasQuarantine(tx: Tx, projectId: string): Promise<boolean> {
  const [row] = await tx
    .select({ id: quarantine.id })
    .from(quarantine)
    .where(and(isStanding, appliesTo(projectId)))
    .limit(1)
  return row !== undefined
}

/** Counts how often content killed the media process in a project since it was last released. */
export async function countCrashes(tx: Tx, projectId: string, sha256: string): Promise<number> {
  const lastRelease = sql`(
    SELECT max(released_at) FROM quarantine WHERE sha256 = ${sha256} AND (project_id = ${projectId} OR project_id IS NULL)
  )`
  const [row] = await tx
    .select({ crashes: sql<number>`count(*)::int` })
    .from(jobAttempts)
    .innerJoin(jobs, eq(jobs.id, jobAttempts.jobId))
    .where(
      and(
        eq(jobs.projectId, projectId),
        eq(jobs.sourceSha256, sha256),
        // Not an attempt that lost its lease: workers are restarted and killed for many reasons.
        sql`${jobAttempts.error}->>'code' = 'WORKER_CRASHED'`,
        // Nor one in which only the program died that made a variant.
        sql`${jobAttempts.outcome} <> 'incomplete'`,
        sql`${jobAttempts.startedAt} > coalesce(${lastRelease}, '-infinity')`,
      ),
    )
  return row?.crashes ?? 0
}

/**
 * Puts a content in quarantine, in one project or in all. One that is there already stays as it is, and is answered.
 * @throws NOT_FOUND when there is no such project
 */
export async function quarantineContent(
  tx: Tx,
  content: { projectId: string | null; sha256: string; crashes: number; reason: string },
): Promise<QuarantineRow> {
  if (content.projectId !== null) await assertProject(tx, content.projectId)
  await tx
    .insert(quarantine)
    .values({ id: newId(), ...content })
    .onConflictDoNothing()
  const { projectId, sha256 } = content
  const inSameProject = projectId === null ? isNull(quarantine.projectId) : eq(quarantine.projectId, projectId)
  const [row] = await tx
    .select()
    .from(quarantine)
    .where(and(isStanding, eq(quarantine.sha256, sha256), inSameProject))
  // What was in the way was released meanwhile, so that now there is room.
  return row ?? quarantineContent(tx, content)
}

async function assertProject(tx: Tx, id: string): Promise<void> {
  if (!(await findLivingProject(tx, id))) throw appError('NOT_FOUND', 'This project does not exist.')
}

/** Releases one entry; `projectId` limits it to those of that project. Null when there is none that stands. */
export async function releaseQuarantine(
  tx: Tx,
  { id, projectId }: { id: string; projectId: string | null },
): Promise<QuarantineRow | null> {
  const [row] = await tx
    .update(quarantine)
    .set({ releasedAt: sql`now()` })
    .where(and(isStanding, eq(quarantine.id, id), projectId === null ? undefined : eq(quarantine.projectId, projectId)))
    .returning()
  return row ?? null
}

/**
 * Lists a page of the content in quarantine, the newest first. For a project, content in quarantine everywhere is
 * included.
 */
export async function listQuarantine(
  tx: Tx,
  { projectId, after, limit }: { projectId: string | null; after: string | null; limit: number },
): Promise<QuarantineRow[]> {
  const page = (where: SQL | undefined) =>
    tx
      .select()
      .from(quarantine)
      .where(and(isStanding, where, after === null ? undefined : lt(quarantine.id, after)))
      .orderBy(desc(quarantine.id))
      .limit(limit)
  if (projectId === null) return page(undefined)
  // Two ends of one index: with `OR` it would read all of both.
  return unionAll(page(eq(quarantine.projectId, projectId)), page(isNull(quarantine.projectId)))
    .orderBy(desc(quarantine.id))
    .limit(limit)
}

/**
 * Finds quarantined content by the id of its row; with a project only what applies there or everywhere.
 * @returns null also when it was released
 */
export async function getQuarantined(
  tx: Tx,
  { id, projectId }: { id: string; projectId: string | null },
): Promise<QuarantineRow | null> {
  const [row] = await tx
    .select()
    .from(quarantine)
    .where(and(isStanding, eq(quarantine.id, id), projectId === null ? undefined : appliesTo(projectId)))
  return row ?? null
}
