import { isDeepStrictEqual } from 'node:util'
import { type AssetDetails, appError, MAX_TAGS } from '@darkroom/contracts'
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { violates } from '../client/errors.ts'
import { changeWithEvent } from '../events/events.ts'
import { type AssetRow, assets } from '../schema/index.ts'

type Editable = Pick<AssetRow, 'filename' | keyof AssetDetails>

/** What is to be changed; what is left out stays. */
export type AssetEdit = { [Name in keyof Editable]?: Editable[Name] | undefined } & {
  /** Instead of `tags`: single ones, so that edits at the same time lose nothing of each other. */
  addTags?: readonly string[] | undefined
  removeTags?: readonly string[] | undefined
}

/** Revisions that a change may start from; null is any. */
export type Revisions = readonly number[] | null

/**
 * Changes what the owner may change. What is so already changes nothing, and does not count as a revision.
 * @returns the asset as it is then; null when it is gone
 * @throws PRECONDITION_FAILED, EXTERNAL_ID_TAKEN; INVALID_REQUEST for more tags than an asset may have
 */
export async function patchAsset(
  tx: Tx,
  { projectId, id }: Pick<AssetRow, 'projectId' | 'id'>,
  { addTags = [], removeTags = [], ...edit }: AssetEdit,
  from: Revisions = null,
): Promise<AssetRow | null> {
  const [current] = await tx
    .select()
    .from(assets)
    .where(and(eq(assets.id, id), eq(assets.projectId, projectId), isNull(assets.deletedAt)))
    // Whoever edits at the same time waits, and then sees this change.
    .for('no key update')
  if (!current) return null
  assertRevision(current, from)
  const tags = edit.tags ?? changeTags(current.tags, addTags, removeTags)
  const next = { ...current, ...edit, tags }
  if (isDeepStrictEqual(next, current)) return current
  if (tags.length > MAX_TAGS) throw appError('INVALID_REQUEST', `An asset can have at most ${MAX_TAGS} tags.`)
  const update = tx
    .update(assets)
    .set({ ...edit, tags, revision: sql`${assets.revision} + 1` })
    .where(eq(assets.id, id))
    .returning()
  return changeWithEvent(tx, update, { type: 'asset.updated' }).catch(error => {
    throw violates(error, 'assets_external_id') ? appError('EXTERNAL_ID_TAKEN') : error
  })
}

/** @throws PRECONDITION_FAILED when the asset has another revision by now */
export function assertRevision({ revision }: Pick<AssetRow, 'revision'>, from: Revisions): void {
  if (from && !from.includes(revision)) throw appError('PRECONDITION_FAILED')
}

/** Returns the tags in their former order, with new ones at the end. */
function changeTags(tags: readonly string[], added: readonly string[], removed: readonly string[]): string[] {
  const kept = tags.filter(tag => !removed.includes(tag))
  return [...kept, ...new Set(added.filter(tag => !kept.includes(tag)))]
}
