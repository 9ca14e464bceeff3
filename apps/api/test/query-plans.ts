import { isPrepared } from '@darkroom/db/client'
import type { Sql } from 'postgres'

export interface Statement {
  query: string
  parameters: unknown[]
}

/** What one node of a plan looked at. */
export interface Visit {
  /** The statement that it belongs to, at the time that it was sent, how it was planned, and how many pages of 8 KiB it touched. */
  statement: { pages: number }
  node: string
  table: string
  index: string | null
  /** Rows that it answered and those that it refused, over all its loops. */
  rows: number
}

interface QueryPlan {
  'Node Type': string
  'Relation Name'?: string
  'Index Name'?: string
  'Actual Rows': number
  'Actual Loops': number
  'Shared Hit Blocks': number
  'Shared Read Blocks': number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  Plans?: QueryPlan[]
}

/**
 * Plans a statement for its values, and where it is prepared also without them, as Postgres does after a while. Returns
 * what it reads. Entries of a GIN index are not counted: it returns all that match, and reads about a page for a
 * thousand.
 */
export async function explain(sql: Sql, statement: Statement): Promise<Visit[]> {
  const custom = await explainAs(sql, 'custom', statement)
  return isPrepared(statement.query) ? [...custom, ...(await explainAs(sql, 'generic', statement))] : custom
}

async function explainAs(sql: Sql, kind: 'custom' | 'generic', { query, parameters }: Statement): Promise<Visit[]> {
  const values = parameters.map(value => (value === null ? 'NULL' : `'${String(value).replaceAll("'", "''")}'`))
  const answers = await sql
    .unsafe(
      `SET plan_cache_mode = force_${kind}_plan; PREPARE explained AS ${query};
      EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) EXECUTE explained ${values.length > 0 ? `(${values.join(', ')})` : ''};
      DEALLOCATE explained`,
    )
    .simple()
  const rows = answers.flat() as unknown as { 'QUERY PLAN'?: [{ Plan: QueryPlan }] }[]
  const [explained] = rows.flatMap(row => row['QUERY PLAN'] ?? [])
  if (!explained) throw new Error(`no plan of ${query}`)
  const pages = explained.Plan['Shared Hit Blocks'] + explained.Plan['Shared Read Blocks']
  const execution = { kind, query, values, pages }
  return nodesOf(explained.Plan).flatMap(node => visitOf(execution, node))
}

const nodesOf = (plan: QueryPlan): QueryPlan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)]

function visitOf(statement: Visit['statement'], plan: QueryPlan): Visit[] {
  const { 'Node Type': node, 'Relation Name': table, 'Index Name': index = null } = plan
  if (!table) return []
  const removed = (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0)
  return [{ statement, node, table, index, rows: Math.round((plan['Actual Rows'] + removed) * plan['Actual Loops']) }]
}
