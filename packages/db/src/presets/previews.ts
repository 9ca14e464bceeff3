import { newId } from '@darkroom/core'
import { and, eq, inArray, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { type PresetPreviewRow, presetPreviews } from '../schema/samples.ts'

export type { PresetPreviewRow }

/** Channel on which workers hear that somebody waits for a preview. */
export const PREVIEWS_CHANNEL = 'darkroom_previews'

/** Nobody waits longer, so that older ones are not begun. */
const WAITED_SEC = 25

/** Previews of a project at a time. */
const MOST_AT_ONCE = 3

/** Asks the workers for a preview. Returns its id; null when the project has too many under way. */
export async function requestPreview(
  tx: Tx,
  { projectId, assetId, definition }: Pick<PresetPreviewRow, 'projectId' | 'assetId' | 'definition'>,
): Promise<string | null> {
  const id = newId()
  const [made] = await tx.execute<{ told: string }>(sql`
    WITH made AS (
      INSERT INTO preset_previews (id, project_id, asset_id, definition)
      SELECT ${id}, ${projectId}, ${assetId}, ${JSON.stringify(definition)}::jsonb
      WHERE (SELECT count(*) FROM preset_previews WHERE project_id = ${projectId} AND finished_at IS NULL
        AND created_at > now() - make_interval(secs => ${WAITED_SEC})) < ${MOST_AT_ONCE}
      RETURNING id
    )
    SELECT pg_notify(${PREVIEWS_CHANNEL}, id::text) AS told FROM made`)
  return made ? id : null
}

/** Returns a preview if it is finished; null while it is not. */
export async function findFinishedPreview(tx: Tx, id: string): Promise<PresetPreviewRow | null> {
  const [row] = await tx
    .select()
    .from(presetPreviews)
    .where(and(eq(presetPreviews.id, id), sql`finished_at IS NOT NULL`))
  return row ?? null
}

export async function deletePreview(tx: Tx, id: string): Promise<void> {
  await tx.delete(presetPreviews).where(eq(presetPreviews.id, id))
}

/** Takes the oldest preview that nobody began, of the kinds that this worker serves; null when there is none. */
export async function takePreview(tx: Tx, kinds: readonly string[]): Promise<PresetPreviewRow | null> {
  const next = tx
    .select({ id: presetPreviews.id })
    .from(presetPreviews)
    .where(
      sql`taken_at IS NULL AND preset_previews.created_at > now() - make_interval(secs => ${WAITED_SEC})
        AND (SELECT kind FROM assets WHERE assets.id = asset_id) = ANY (${`{${kinds.join(',')}}`}::text[])`,
    )
    .orderBy(presetPreviews.createdAt)
    .limit(1)
    .for('update', { skipLocked: true })
  const [row] = await tx
    .update(presetPreviews)
    .set({ takenAt: sql`now()` })
    .where(inArray(presetPreviews.id, next))
    .returning()
  return row ?? null
}

type PreviewEnd = Partial<Pick<PresetPreviewRow, 'body' | 'contentType' | 'width' | 'height' | 'error'>>

/** Says what came of a preview, unless nobody waits for it any more. */
export async function finishPreview(tx: Tx, id: string, end: PreviewEnd): Promise<void> {
  await tx
    .update(presetPreviews)
    .set({ ...end, finishedAt: sql`now()` })
    .where(eq(presetPreviews.id, id))
}

/** Deletes what somebody did not wait for, such as an API that was killed. */
export async function deleteOldPreviews(tx: Tx): Promise<void> {
  await tx.execute(sql`DELETE FROM preset_previews WHERE created_at < now() - interval '2 minutes'`)
}
