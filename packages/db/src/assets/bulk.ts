import { type AssetFilter, type BulkOutcome, type BulkRequest, MAX_TAGS } from '@darkroom/contracts'
import { and, asc, inArray, type SQL, sql } from 'drizzle-orm'
import type { Tx } from '../client/client.ts'
import { eventCte } from '../events/events.ts'
import { assets } from '../schema/index.ts'
import { fits, isAlive } from './asset-filter.ts'
import type { AssetPlace } from './asset-order.ts'
import { type FoundAssets, searchAssets } from './asset-search.ts'

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

  /** A deletion that is scheduled already keeps its time. */
  schedule: (undoSec: number): Effect => ({
    appliesTo: sql`assets.delete_at IS NULL`,
    set: sql`delete_at = now() + make_interval(secs => ${undoSec})`,
  }),

  restore: { appliesTo: sql`assets.delete_at IS NOT NULL`, set: sql`delete_at = NULL` } satisfies Effect,
}

/** Returns what a request changes in the rows of its assets; null for a deletion at once, which is more than that. */
function effectOf(request: BulkRequest): Effect | null {
  switch (request.action) {
    case 'delete':
      return request.undoSec === undefined ? null : EFFECTS.schedule(request.undoSec)
    case 'restore':
      return EFFECTS.restore
    case 'move':
      return EFFECTS.move(request.folder)
    default:
      return EFFECTS[request.action](request.tags)
  }
}

/** Tells whether a request deletes at once. */
export const isDeletion = (request: BulkRequest): boolean => effectOf(request) === null

/** Returns the filter of a request. What it names by id, or restores, may wait for its deletion. */
export function filterOfBulk({ action, ids, filter = {} }: BulkRequest): AssetFilter {
  if (ids) return { deletion: 'any' }
  return action === 'restore' ? { ...filter, deletion: 'scheduled' } : filter
}

/** Selects the named ids that exist and would be changed, in a fixed order. */
async function namedForBulk(tx: Tx, projectId: string, ids: string[], condition: SQL | undefined): Promise<string[]> {
  const rows = await tx
    .select({ id: assets.id })
    .from(assets)
    .where(and(fits(projectId, { deletion: 'any' }), inArray(assets.id, ids), condition))
    .orderBy(asc(assets.id))
  return rows.map(row => row.id)
}

/** Assets are looked for so many at a time, among so many rows, so many times at most. */
const PAGE = 1000
const LOOK = 2000
const PAGES = 3

export interface FoundForBulk {
  /** Of assets that a request would change, in one order. */
  ids: string[]
  /** Where to look for others; null when there are none. */
  next: AssetPlace | null
}

/**
 * Finds the assets that a request would change, after a place: all that it names, else some thousands at most. Reads a
 * limited number of rows, so it may return none while there are more.
 */
export async function findForBulk(
  tx: Tx,
  projectId: string,
  request: BulkRequest,
  after: AssetPlace | null,
): Promise<FoundForBulk> {
  const { ids: named } = request
  const filter = filterOfBulk(request)
  const condition = and(isAlive, effectOf(request)?.appliesTo)
  if (named) return { ids: await namedForBulk(tx, projectId, named, condition), next: null }
  const ids: string[] = []
  let next = after
  for (let pages = 0; pages < PAGES; pages++) {
    const place = { sort: 'createdAt', after: next, limit: PAGE, look: LOOK } as const
    const page: FoundAssets = await searchAssets(tx, projectId, { ...filter, ...place, condition })
    ids.push(...page.found.map(({ id }) => id))
    next = page.next
    if (!next || (page.found.length < PAGE && ids.length > 0)) break
  }
  return { ids, next }
}

/** Changes those of some assets that it still applies to, each with its event: one statement. @returns the ids that it changed */
export async function changeInBulk(tx: Tx, projectId: string, request: BulkRequest, ids: string[]): Promise<string[]> {
  const effect = effectOf(request)
  if (!effect || ids.length === 0) return []
  const isMeant = and(fits(projectId, filterOfBulk(request)), inArray(assets.id, ids), isAlive, effect.appliesTo)
  const rows = await tx.execute<{ id: string }>(sql`
    WITH chosen AS (
      -- In one order, so that two requests at once wait for each other and do not lock each other out.
      SELECT id FROM assets WHERE ${isMeant} ORDER BY id FOR UPDATE
    ), asset AS (
      UPDATE assets SET ${effect.set}, revision = revision + 1 FROM chosen WHERE assets.id = chosen.id
      RETURNING assets.*
    ), ${eventCte(sql`'asset.updated'`)}
    SELECT id FROM asset WHERE (SELECT count(told) FROM notified) > 0`)
  return rows.map(row => row.id)
}

/** Tells what became of each named asset, after those in `changed` were changed. */
export async function outcomesOfBulk(
  tx: Tx,
  projectId: string,
  request: BulkRequest,
  { named, changed }: { named: readonly string[]; changed: ReadonlySet<string> },
): Promise<{ id: string; outcome: BulkOutcome }[]> {
  const left = named.filter(id => !changed.has(id))
  const tags = request.action === 'tag' ? request.tags : []
  const rows = await tx
    .select({ id: assets.id, hasTags: sql<boolean>`assets.tags @> ${textArray(tags)}` })
    .from(assets)
    .where(and(fits(projectId, { deletion: 'any' }), inArray(assets.id, left), isAlive))
  const found = new Map(rows.map(row => [row.id, row.hasTags ? 'unchanged' : 'too_many_tags'] as const))
  const outcomeOf = (id: string): BulkOutcome => (changed.has(id) ? 'changed' : (found.get(id) ?? 'not_found'))
  return named.map(id => ({ id, outcome: outcomeOf(id.toLowerCase()) }))
}
