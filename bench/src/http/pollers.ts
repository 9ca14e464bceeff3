import type { Request } from 'autocannon'
import { load } from './load.ts'
import { type PairedRuns, runPairs } from './paired-runs.ts'
import { insertAssets, type Setting } from './setting.ts'

/** Clients that each poll an asset of their own in which nothing changes, beside a route that returns a constant. */
export async function measurePollers(
  setting: Setting,
  { pollers, connections, seconds, rounds }: { pollers: number; connections: number; seconds: number; rounds: number },
): Promise<PairedRuns> {
  const ids = await insertAssets(setting, pollers, 'ready')
  const headers = { authorization: `Bearer ${setting.key}`, 'if-none-match': 'W/"1"' }
  const perConnection = Math.ceil(ids.length / connections)
  const polls = (connection: number): Request[] =>
    ids
      .slice(connection * perConnection, (connection + 1) * perConnection)
      .map(id => ({ method: 'GET', path: `/v1/assets/${id}`, headers }))
  const constant = (): Request[] => [{ method: 'GET', path: '/constant' }]
  // Everybody has asked once: what is measured is those who come back.
  await load(setting.api, { connections, amount: ids.length, requestsOf: polls })
  return runPairs({
    name: `${ids.length} pollers, 304`,
    rounds,
    expected: { ours: '304', bare: '200' },
    ours: () => load(setting.api, { connections, seconds, requestsOf: polls }),
    bare: () => load(setting.bare, { connections, seconds, requestsOf: constant }),
  })
}
