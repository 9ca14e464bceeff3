import { untilNone } from '../eventually.ts'
import type { Universe } from '../world/universe.ts'

/** What is not terminal: in words, for whoever reads a red report. */
export async function findUnsettled({ sql }: Pick<Universe, 'sql'>): Promise<string[]> {
  const rows = await sql<{ what: string }[]>`
    SELECT 'job ' || id || ' ' || name || ' is ' || status || ' (attempt ' || attempt || ', due ' || available_at ||
      ', ' || coalesce(error->>'code', 'no error') || ')' AS what
    FROM jobs WHERE status IN ('queued', 'running')
      -- A deletion that passed once waits for its second pass.
      AND NOT (name = 'asset.delete' AND EXISTS
        (SELECT 1 FROM assets WHERE assets.id = jobs.asset_id AND purged_at IS NOT NULL))
    UNION ALL
    SELECT 'asset ' || id || ' is ' || status FROM assets
    WHERE status = 'processing' OR status = 'deleting' AND purged_at IS NULL
    UNION ALL
    SELECT 'backfill ' || id || ' is ' || status || ' (' || started || ' of ' || total || ' started)' FROM backfills
    WHERE status = 'running'`
  return rows.map(({ what }) => what)
}

/** Waits until nothing is under way any more. @returns what still is when time is up */
export const untilSettled = (universe: Pick<Universe, 'sql'>, withinMs: number): Promise<string[]> =>
  untilNone('everything settles', () => findUnsettled(universe), { withinMs })
