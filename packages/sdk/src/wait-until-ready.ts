import { backoffMs } from './backoff.ts'
import { headersOf } from './calls/call.ts'
import { DarkroomError, isDarkroomError } from './errors.ts'
import { type FollowDeps, type FollowOptions, followAsset } from './follow-asset.ts'
import { sleep } from './sleep.ts'
import { isPassing } from './transport.ts'
import type { Asset } from './types.ts'

export interface WaitOptions extends FollowOptions {
  /** Told of each change, with progress in `asset.job`. */
  onChange?: ((asset: Asset) => void) | undefined
}

const SETTLED: readonly string[] = ['ready', 'partial', 'failed', 'expired', 'deleting', 'deleted']

/** Tells whether nothing is on its way to the asset any more. */
export const isSettled = ({ status }: Pick<Asset, 'status'>): boolean => SETTLED.includes(status)

const POLL_SEC = 25
/** Beside the time that the service holds an answer back. */
const POLL_TIMEOUT_MS = POLL_SEC * 1000 + 30_000

/**
 * Waits until an asset is ready or partly ready: by its stream of events; when that ends early or does not get through,
 * by long polling, and then by the stream again. Sits out whatever passes, until `signal` is aborted.
 * @throws DarkroomError: of processing that failed with the code of `asset.error` and the asset
 */
export async function waitUntilReady(deps: FollowDeps, id: string, options: WaitOptions): Promise<Asset> {
  const { signal, token, onChange = () => undefined } = options
  let etag: string | undefined

  async function byEvents(): Promise<Asset | null> {
    for await (const asset of followAsset(deps, id, { signal, token })) {
      onChange(asset)
      if (isSettled(asset)) return asset
    }
    return null
  }

  async function byPolling(): Promise<Asset | null> {
    // The first look is answered at once.
    const query = etag ? `?wait=${POLL_SEC}` : ''
    const url = `${deps.baseUrl}/v1/assets/${encodeURIComponent(id)}${query}`
    const headers = { ...headersOf({ token }), ...(etag && { 'if-none-match': etag }) }
    const answer = await deps.transport(new Request(url, { headers, signal: signal ?? null }), {
      timeoutMs: POLL_TIMEOUT_MS,
    })
    etag = answer.headers.get('etag') ?? etag
    if (answer.status === 304) return null
    const asset: Asset = await answer.json()
    onChange(asset)
    return isSettled(asset) ? asset : null
  }

  for (let failures = 0; ; ) {
    for (const look of [byEvents, byPolling]) {
      try {
        const settled = await look()
        if (settled) return readyOrThrow(settled)
        failures = 0
      } catch (error) {
        if (!isDarkroomError(error) || error.asset || !isPassing(error)) throw error
        if (look === byPolling) await sleep(backoffMs(failures++, error.retryAfter), signal)
      }
    }
  }
}

function readyOrThrow(asset: Asset): Asset {
  const error = errorOfAsset(asset)
  if (error) throw error
  return asset
}

/** Returns why a settled asset is not there; null of one that is ready or partly ready. */
export function errorOfAsset(asset: Asset): DarkroomError | null {
  if (asset.status === 'ready' || asset.status === 'partial') return null
  const { code, message } = asset.error ?? { code: 'ASSET_DELETED', message: `The asset is ${asset.status}.` }
  return new DarkroomError({ code, message, asset })
}
