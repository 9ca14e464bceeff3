import { type AssetCounts, type AssetFilter, type AssetStatus, type MediaKind, MOST_COUNTED } from '@darkroom/contracts'
import { and, eq, sql } from 'drizzle-orm'
import { customPlan, type Tx } from '../client/client.ts'
import { assets, IS_LISTED } from '../schema/index.ts'
import { fits, idsOf } from './asset-filter.ts'
import { unorderedAssets } from './asset-order.ts'
import { assetsWithTerms } from './asset-terms.ts'

interface Cell {
  status: AssetStatus
  kind: MediaKind | null
  count: number
  bytes: number
}

type Amounts = Pick<Cell, 'count' | 'bytes'>

/**
 * Counts the assets of a filter, by kind and by status. Looks at a limited number of rows that an index knows to have all
 * terms of the filter, or at those of the project and the time: decision 0185.
 */
export async function countAssets(
  tx: Tx,
  projectId: string,
  { kind, status, ...filter }: AssetFilter,
): Promise<AssetCounts> {
  const { cells, seen } = await countCells(tx, projectId, filter)
  const ofStatus = cells.filter(cell => status === undefined || cell.status === status)
  const ofKind = cells.filter(cell => kind === undefined || cell.kind === kind)
  return {
    ...totalOf(ofKind.filter(cell => ofStatus.includes(cell))),
    exact: seen <= MOST_COUNTED,
    kinds: groupsOf(ofStatus, cell => cell.kind).map(([kind, amounts]) => ({ kind, ...amounts })),
    statuses: groupsOf(ofKind, cell => cell.status).map(([status, amounts]) => ({ status, ...amounts })),
  }
}

/** Counts by status and kind at once: from these few numbers come all totals. */
async function countCells(tx: Tx, projectId: string, filter: AssetFilter): Promise<{ cells: Cell[]; seen: number }> {
  const { externalId, sha256, folder } = filter
  const isOfOneIndex =
    externalId !== undefined || sha256 !== undefined || (folder !== undefined && filter.q === undefined)
  const ofProject = and(eq(assets.projectId, projectId), IS_LISTED, idsOf(filter, sql`${assets.id}`))
  const candidates = isOfOneIndex
    ? unorderedAssets(fits(projectId, filter))
    : (assetsWithTerms(projectId, filter) ?? unorderedAssets(ofProject))
  const rows = await tx.execute<{
    status: AssetStatus
    kind: MediaKind | null
    count: string
    bytes: string
    seen: string
  }>(
    sql`${customPlan}
    WITH candidates AS (SELECT * FROM (${candidates} LIMIT ${MOST_COUNTED + 1}) AS assets)
    SELECT status, kind, count(*) FILTER (WHERE ${fits(projectId, filter)}) AS count,
      coalesce(sum(byte_size) FILTER (WHERE ${fits(projectId, filter)}), 0) AS bytes, count(*) AS seen
    FROM candidates AS assets GROUP BY status, kind ORDER BY status, kind`,
  )
  const cells = rows.map(row => ({ ...row, count: Number(row.count), bytes: Number(row.bytes) }))
  return { cells, seen: cells.reduce((sum, { seen }) => sum + Number(seen), 0) }
}

const totalOf = (cells: readonly Amounts[]): Amounts => ({
  count: cells.reduce((sum, { count }) => sum + count, 0),
  bytes: cells.reduce((sum, { bytes }) => sum + bytes, 0),
})

function groupsOf<Key>(cells: readonly Cell[], keyOf: (cell: Cell) => Key): [Key, Amounts][] {
  const groups = [...Map.groupBy(cells, keyOf)].map(([key, own]): [Key, Amounts] => [key, totalOf(own)])
  return groups.filter(([, { count }]) => count > 0)
}
