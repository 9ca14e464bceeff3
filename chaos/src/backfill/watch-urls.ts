import { setTimeout as sleep } from 'node:timers/promises'
import type { Violation } from '../checker/violation.ts'
import { PUBLIC_BUCKET } from '../deployment/settings.ts'
import type { Random } from '../random.ts'
import type { ScenarioContext } from '../scenarios/scenario.ts'
import type { LibraryAsset } from './library.ts'

/** How long a file that was replaced stays: docs/how-to/presets.md. */
const STAYS_MS = 15 * 60_000

export interface UrlWatch {
  /** @returns how many answers were looked at, and each that was missing */
  end(): Promise<{ fetched: number; missing: Violation[] }>
}

/**
 * Fetches, all the time, what some asset's URLs were before the backfill and what they are now. A file that was replaced may go
 * after a quarter of an hour, and not before.
 * @param pauseMs between two assets
 */
export function watchUrls(
  context: ScenarioContext,
  library: readonly LibraryAsset[],
  { random, pauseMs }: { random: Random; pauseMs: number },
): UrlWatch {
  const { client, deployment } = context
  const missing: Violation[] = []
  const began = performance.now()
  let fetched = 0
  let isOver = false

  const look = async (url: string, what: string, isOwed: () => Promise<boolean>) => {
    const { status, body } = await fetch(url)
    await body?.cancel()
    fetched += 1
    if (status !== 200 && (await isOwed())) missing.push({ kind: 'lost', subject: url, detail: `${what}: ${status}` })
  }

  /** Whether nobody may have removed it yet. */
  const stays = async (key: string): Promise<boolean> => {
    if (performance.now() - began < STAYS_MS) return true
    const rows = await deployment.sql`SELECT FROM objects WHERE key = ${key} AND (state = 'live' OR purge_at > now())`
    return rows.length > 0
  }

  const lookAt = async ({ assetId, urls }: LibraryAsset) => {
    const [api] = deployment.processes.apiUrls()
    // One try: while the API is dead only the old URLs can be looked at.
    const answer = api ? await client.caller.tryOnce(api, 'GET', `/v1/assets/${assetId}`) : null
    const { variants } = (answer?.status === 200 ? answer.body : { variants: [] }) as {
      variants: { url: string | null }[]
    }
    for (const { url } of variants) if (url) await look(url, `published of ${assetId}`, async () => true)
    for (const key of urls)
      await look(`${deployment.store.url}/${PUBLIC_BUCKET}/${key}`, `of ${assetId} before`, () => stays(key))
  }

  const watching = (async () => {
    while (!isOver) {
      await lookAt(random.pick(library))
      await sleep(pauseMs)
    }
  })()

  return {
    async end() {
      isOver = true
      await watching
      return { fetched, missing }
    },
  }
}
