import { type BulkRequest, MAX_TAGS } from '@darkroom/contracts'
import { and, asc, inArray, isNull, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client.ts'
import { assets } from '../schema/index.ts'
import { fits } from './asset-list.ts'
import { eventCte } from './events.ts'

interface Effect {
  /** Which assets it changes: what is so already is left alone, so that a request can be repeated until nothing is left. */
  appliesTo: SQL
  set: SQL
}

const textArray = (texts: readonly string[]): SQL =>
  sql`ARRAY(SELECT DISTINCT value FROM jsonb_array_elements_text(${JSON.stringify(texts)}::jsonb) ORDER BY value)`

const EFFECTS = {
  tag(tags: readonly string[]): Effect {
    const added = sql`ARRAY(SELECT tag FROM unnest(${textArray(tags)}) AS tag WHERE tag <> ALL (assets.tags))`
    const all = sql`assets.tags || ${added}`
    return {
      appliesTo: sql`NOT assets.tags @> ${textArray(tags)} AND cardinality(${all}) <= ${MAX_TAGS}`,
      set: sql`tags = ${all}`,
    }
  },

  untag(tags: readonly string[]): Effect {
    const kept = sql`ARRAY(
      SELECT tag FROM unnest(assets.tags) WITH ORDINALITY AS each (tag, place)
      WHERE tag <> ALL (${textArray(tags)}) ORDER BY place
    )`
    return { appliesTo: sql`assets.tags && ${textArray(tags)}`, set: sql`tags = ${kept}` }
  },

  move: (folder: string): Effect => ({ appliesTo: sql`assets.folder <> ${folder}`, set: sql`folder = ${folder}` }),
}

function effectOf(request: BulkRequest): Effect | null {
  if (request.action === 'delete') return null
  return request.action === 'move' ? EFFECTS.move(request.folder) : EFFECTS[request.action](request.tags)
}

const isMeant = (projectId: string, { ids, filter = {} }: BulkRequest, effect: Effect | null): SQL | undefined =>
  and(
    fits(projectId, filter),
    ids && inArray(assets.id, ids),
    isNull(assets.deletedAt),
    effect ? effect.appliesTo : undefined,
  )

/** How many assets of the project a request would change. */
export async function countForBulk(tx: Tx, projectId: string, request: BulkRequest): Promise<number> {
  const [row] = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(assets)
    .where(isMeant(projectId, request, effectOf(request)))
  return row?.count ?? 0
}

/** Changes at most `limit` assets, each with its event: one statement. @returns how many it changed */
export async function changeInBulk(
  tx: Tx,
  projectId: string,
  request: Exclude<BulkRequest, { action: 'delete' }>,
  limit: number,
): Promise<number> {
  const effect = effectOf(request)
  if (!effect) return 0
  const [row] = await tx.execute<{ changed: number }>(sql`
    WITH chosen AS (
      -- In one order, so that two requests at once wait for each other and do not lock each other out.
      SELECT id FROM assets WHERE ${isMeant(projectId, request, effect)} ORDER BY id LIMIT ${limit} FOR UPDATE
    ), asset AS (
      UPDATE assets SET ${effect.set}, revision = revision + 1 FROM chosen WHERE assets.id = chosen.id
      RETURNING assets.*
    ), ${eventCte(sql`'asset.updated'`)}
    SELECT count(told)::int AS changed FROM notified`)
  return row?.changed ?? 0
}

/** Ids of at most `limit` assets that a request to delete means. */
export async function findForBulk(tx: Tx, projectId: string, request: BulkRequest, limit: number): Promise<string[]> {
  const rows = await tx
    .select({ id: assets.id })
    .from(assets)
    .where(isMeant(projectId, request, effectOf(request)))
    .orderBy(asc(assets.id))
    .limit(limit)
  return rows.map(row => row.id)
}
