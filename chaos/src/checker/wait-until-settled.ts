import type { Deployment } from '../deployment/deployment.ts'
import { untilNone } from '../eventually.ts'

/** Describes everything that is not terminal, for the reader of a red report. */
export async function findUnsettled({ sql }: Pick<Deployment, 'sql'>): Promise<string[]> {
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
export const untilSettled = (deployment: Pick<Deployment, 'sql'>, withinMs: number): Promise<string[]> =>
  untilNone('everything settles', () => findUnsettled(deployment), { withinMs })
