import { load } from './load.ts'
import { type PairedRuns, runPairs } from './paired-runs.ts'
import type { Setting } from './setting.ts'

const CONNECTIONS = 20

/** Measures the creation of uploads, beside a route that signs a URL and inserts one row. */
export function measurePresign(
  setting: Setting,
  { seconds, rounds }: { seconds: number; rounds: number },
): Promise<PairedRuns> {
  const headers = { authorization: `Bearer ${setting.key}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ filename: 'photo.jpg', contentType: 'image/jpeg', byteSize: 1000 })
  return runPairs({
    name: 'presign',
    rounds,
    expected: { ours: '201', bare: '201' },
    ours: () =>
      load(setting.api, {
        connections: CONNECTIONS,
        seconds,
        requestsOf: () => [{ method: 'POST', path: '/v1/uploads', headers, body }],
      }),
    bare: () =>
      load(setting.bare, { connections: CONNECTIONS, seconds, requestsOf: () => [{ method: 'POST', path: '/sign' }] }),
  })
}
