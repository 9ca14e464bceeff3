import { setTimeout as sleep } from 'node:timers/promises'
import { startForked } from '../measure/forked.ts'
import { percentile } from '../measure/statistics.ts'
import { insertAssets, type Setting } from './setting.ts'

export interface Followers {
  followers: number
  /** Changes that were made, and entries of the log that followers got. */
  events: { made: number; told: number }
  /** From the change in the database to the client, both clocks of one machine. */
  p50Ms: number
  p95Ms: number
  worstMs: number
}

const PAUSE_MS = 5

/** Clients that each follow an asset of their own, while now one, now another of them changes. */
export async function measureFollowers(
  setting: Setting,
  { followers, seconds }: { followers: number; seconds: number },
): Promise<Followers> {
  const { api, key, sql } = setting
  const ids = await insertAssets(setting, followers, 'processing')
  const { forked } = await startForked(new URL('./followers-child.ts', import.meta.url))
  try {
    await forked.ask({ follow: { url: api.url, key, ids } })
    const until = performance.now() + seconds * 1000
    let made = 0
    while (performance.now() < until) {
      await change(sql, ids[made % ids.length] ?? '')
      made += 1
      await sleep(PAUSE_MS)
    }
    await sleep(2000)
    const latencies = (await forked.ask({ report: true })) as number[]
    return {
      followers: ids.length,
      events: { made, told: latencies.length },
      p50Ms: percentile(latencies, 0.5),
      p95Ms: percentile(latencies, 0.95),
      worstMs: Math.max(...latencies),
    }
  } finally {
    await forked.close()
  }
}

/** Changes an asset as every transition does: revision, event and notification in one statement. */
const change = (sql: Setting['sql'], id: string) => sql`
  WITH asset AS (UPDATE assets SET revision = revision + 1 WHERE id = ${id} RETURNING *), event AS (
    INSERT INTO events (project_id, asset_id, seq, type, data)
    SELECT project_id, id, revision, 'bench.changed',
      jsonb_build_object('atMs', extract(epoch FROM clock_timestamp()) * 1000)
    FROM asset RETURNING asset_id
  )
  SELECT pg_notify('darkroom_events', asset_id::text) FROM event`
