import type { Asset } from '@darkroom/contracts'
import { isForbidden } from '../api/clients.ts'
import type { AssetStore } from './asset-store.ts'
import { activityOf, pollDelayMs } from './follow-policy.ts'

interface FollowerDeps {
  assets: AssetStore
  readAssets: (ids: string[]) => Promise<Asset[]>
  /** False while polling is useless: the tab is hidden, there is no key, or it may not read. */
  mayPoll: () => boolean
  /** Told why the key may not read, in the words of the service. */
  onDenied: (reason: string) => void
}

/** Keeps every unsettled asset of the store up to date with one poll for all of them. */
export function createAssetFollower({ assets, readAssets, mayPoll, onDenied }: FollowerDeps) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let dueAt = Number.POSITIVE_INFINITY
  let polling = false
  let pollsWithoutChange = 0

  const unsettled = () => [...assets.all().values()].filter(asset => activityOf(asset) !== 'settled')
  const anyBusy = () => unsettled().some(asset => activityOf(asset) === 'busy')

  /** Makes sure that a poll comes within `delayMs`, if there is anything to ask. */
  function schedule(delayMs: number): void {
    if (polling || !mayPoll() || unsettled().length === 0) return
    const at = Date.now() + delayMs
    if (at >= dueAt) return
    clearTimeout(timer)
    dueAt = at
    timer = setTimeout(poll, delayMs)
  }

  async function poll(): Promise<void> {
    dueAt = Number.POSITIVE_INFINITY
    const ids = unsettled().map(asset => asset.id)
    if (ids.length === 0 || !mayPoll()) return
    polling = true
    const failed = await refresh(ids).then(
      () => false,
      error => {
        if (isForbidden(error)) onDenied(error.message)
        // The status query tells the user that the API is away; this one just asks again later.
        return true
      },
    )
    polling = false
    schedule(pollDelayMs({ anyBusy: anyBusy(), pollsWithoutChange, failed }))
  }

  async function refresh(ids: string[]): Promise<void> {
    const items = await readAssets(ids)
    const changed = assets.put(items)
    const found = new Set(items.map(asset => asset.id))
    const missing = ids.filter(id => !found.has(id))
    if (missing.length > 0) assets.remove(missing)
    pollsWithoutChange = changed ? 0 : pollsWithoutChange + 1
  }

  function nudge(): void {
    pollsWithoutChange = 0
    schedule(0)
  }

  return {
    /** Begins to follow whatever enters the store; returns how to stop. */
    start(): () => void {
      const unsubscribe = assets.subscribe(() => {
        if (polling) return
        pollsWithoutChange = 0
        schedule(pollDelayMs({ anyBusy: anyBusy(), pollsWithoutChange, failed: false }))
      })
      nudge()
      return () => {
        unsubscribe()
        clearTimeout(timer)
        dueAt = Number.POSITIVE_INFINITY
      }
    },
    /** Asks at once: the tab, the key or the API is back. */
    nudge,
  }
}
