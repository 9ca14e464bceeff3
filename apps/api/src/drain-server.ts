import { setTimeout as sleep } from 'node:timers/promises'
import { type Connections, UnfinishedError } from '@darkroom/core'
import type { AssetFeed } from './asset-feed.ts'
import type { ApiConfig } from './config.ts'

/** A client that sends something this often gets all its answers, the last of which tells it to connect anew. */
const IDLE_MS = 2000

/**
 * Stops serving without cutting a request: `/readyz` tells balancers first, then who waits for a change is answered and who
 * follows an asset is told to come back, and the rest is answered as ever.
 * @throws UnfinishedError when requests had to be cut
 */
export async function drainServer(
  connections: Connections,
  feed: Pick<AssetFeed, 'end'>,
  { SHUTDOWN_DELAY_SEC, SHUTDOWN_GRACE_SEC }: Pick<ApiConfig, 'SHUTDOWN_DELAY_SEC' | 'SHUTDOWN_GRACE_SEC'>,
): Promise<void> {
  connections.announce()
  await sleep(SHUTDOWN_DELAY_SEC * 1000)
  feed.end()
  const cut = await connections.drain({ graceMs: SHUTDOWN_GRACE_SEC * 1000, idleMs: IDLE_MS })
  if (cut === 0) return
  const requests = cut === 1 ? '1 request was' : `${cut} requests were`
  throw new UnfinishedError(
    `${requests} aborted: no response within ${SHUTDOWN_GRACE_SEC} s after the signal to stop. Raise SHUTDOWN_GRACE_SEC if requests need longer.`,
  )
}
