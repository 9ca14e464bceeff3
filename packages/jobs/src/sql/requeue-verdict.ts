import type { ErrorCode } from '@darkroom/contracts'
import { type SQL, sql } from 'drizzle-orm'

/** What a requeue does with a job, in the order in which it is found out. */
export type Verdict = 'queued' | 'requeue' | Refusal
export type Refusal =
  | 'succeeded'
  | 'running'
  | 'deleted'
  | 'active'
  | 'unconfirmed'
  | 'quarantined'
  | 'source_gone'
  | 'superseded'

/** The code that says why a job was left as it is. */
export const REFUSAL_CODES: Record<Refusal | 'queued', ErrorCode> = {
  queued: 'JOB_NOT_REQUEUEABLE',
  succeeded: 'JOB_NOT_REQUEUEABLE',
  running: 'JOB_NOT_REQUEUEABLE',
  deleted: 'ASSET_DELETED',
  active: 'JOB_NOT_REQUEUEABLE',
  unconfirmed: 'JOB_NOT_REQUEUEABLE',
  quarantined: 'JOB_NOT_REQUEUEABLE',
  source_gone: 'SOURCE_GONE',
  superseded: 'JOB_NOT_REQUEUEABLE',
}

/** What a verdict is found in. */
export const VERDICT_TABLES = sql`jobs
  JOIN assets ON assets.id = jobs.asset_id
  LEFT JOIN LATERAL (
    SELECT id, reason, created_at FROM quarantine
    WHERE released_at IS NULL AND (project_id = jobs.project_id OR project_id IS NULL)
      AND sha256 = coalesce(jobs.source_sha256, assets.sha256)
    LIMIT 1
  ) AS kept_back ON true`

const isDeletion = sql`jobs.name = 'asset.delete'`

/** Bytes to work on; of an import, the URL that they come from. */
const hasSource = sql`CASE jobs.name
  WHEN 'asset.import' THEN EXISTS (SELECT FROM imports WHERE imports.asset_id = assets.id AND imports.url IS NOT NULL)
  ELSE assets.original_object_id IS NOT NULL OR EXISTS (
    SELECT FROM uploads JOIN objects ON objects.id = uploads.object_id
    WHERE uploads.asset_id = assets.id AND objects.state = 'live'
  ) END`

const other = (condition: SQL) =>
  sql`EXISTS (SELECT FROM jobs AS other WHERE other.asset_id = jobs.asset_id AND other.id <> jobs.id AND ${condition})`

/**
 * Builds the verdict as an expression over `VERDICT_TABLES`. A job whose asset has a newer one is history: a requeue by
 * its id runs it again, a bulk requeue leaves it alone.
 */
export const verdictOf = ({ leaveHistory }: { leaveHistory: boolean }): SQL => sql`CASE
  WHEN jobs.status = 'succeeded' THEN 'succeeded'
  WHEN jobs.status = 'running' AND jobs.lease_until >= now() THEN 'running'
  WHEN jobs.status = 'queued' THEN 'queued'
  WHEN assets.status = 'deleted' OR (assets.deleted_at IS NOT NULL AND NOT ${isDeletion}) THEN 'deleted'
  WHEN ${other(sql`other.status IN ('queued', 'running')`)} THEN 'active'
  WHEN ${isDeletion} THEN 'requeue'
  WHEN assets.status IN ('awaiting_upload', 'expired') THEN 'unconfirmed'
  WHEN kept_back.id IS NOT NULL THEN 'quarantined'
  WHEN NOT (${hasSource}) THEN 'source_gone'
  WHEN ${leaveHistory} AND ${other(sql`other.id > jobs.id AND other.name <> 'asset.move'`)} THEN 'superseded'
  ELSE 'requeue' END`
