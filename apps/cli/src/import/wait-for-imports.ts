import { setTimeout as sleep } from 'node:timers/promises'
import type { Asset, Darkroom } from '@darkroom/sdk'
import type { ImportJournal, ImportOutcome, KnownImport } from './import-journal.ts'

/** At most so many are asked for in one request. */
const PAGE = 200
const POLL_MS = 1000

export interface Settled {
  url: string
  assetId: string
  outcome: ImportOutcome
  error: Asset['error']
}

interface Options {
  darkroom: Darkroom
  journal: ImportJournal
  signal: AbortSignal
  onSettled(settled: Settled): void
}

/** Waits until every file of this run is processed, and says of each what came of it. */
export async function waitForImports({ darkroom, journal, signal, onSettled }: Options): Promise<void> {
  for (;;) {
    const items = journal.unsettled(PAGE)
    if (items.length === 0) return
    const { items: found, notFound } = await darkroom.assets.getMany(
      items.map(({ assetId }) => assetId),
      { signal },
    )
    const byId = new Map(found.map(asset => [asset.id, asset]))
    const settled = items.flatMap(item => settledOf(item, byId.get(item.assetId), new Set(notFound)))
    for (const { digest, ...one } of settled) {
      journal.settle(digest, one.outcome)
      onSettled(one)
    }
    if (settled.length === 0) await sleep(POLL_MS, undefined, { signal })
  }
}

const OUTCOMES: Partial<Record<Asset['status'], ImportOutcome>> = {
  ready: 'ready',
  partial: 'partial',
  failed: 'failed',
  expired: 'failed',
  deleting: 'gone',
  deleted: 'gone',
}

function settledOf({ digest, url, assetId }: KnownImport, asset: Asset | undefined, gone: Set<string>) {
  const outcome = asset ? OUTCOMES[asset.status] : gone.has(assetId) ? 'gone' : undefined
  return outcome ? [{ digest, url, assetId, outcome, error: asset?.error ?? null }] : []
}
