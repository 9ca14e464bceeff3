import type { Request } from 'autocannon'
import { type Duel, duel } from './duel.ts'
import { load } from './load.ts'
import { insertAssets, type Setting } from './setting.ts'

const CONNECTIONS = 100

/** Clients that poll assets in which nothing changes, beside a route that returns a constant. */
export async function measurePollers(
  setting: Setting,
  { pollers, seconds, rounds }: { pollers: number; seconds: number; rounds: number },
): Promise<Duel> {
  const ids = await insertAssets(setting, pollers, 'ready')
  const headers = { authorization: `Bearer ${setting.key}`, 'if-none-match': 'W/"1"' }
  const perConnection = Math.ceil(ids.length / CONNECTIONS)
  const polls = (connection: number): Request[] =>
    ids
      .slice(connection * perConnection, (connection + 1) * perConnection)
      .map(id => ({ method: 'GET', path: `/v1/assets/${id}`, headers }))
  const constant = (): Request[] => [{ method: 'GET', path: '/constant' }]
  return duel({
    name: `${ids.length} pollers, 304`,
    rounds,
    expected: { ours: '304', bare: '200' },
    ours: () => load(setting.api, { connections: CONNECTIONS, seconds, requestsOf: polls }),
    bare: () => load(setting.bare, { connections: CONNECTIONS, seconds, requestsOf: constant }),
  })
}
