import type { AssetCounts } from '@darkroom/contracts'
import { humanBytes } from '../human-bytes.ts'
import { useUsage } from './data/use-library-queries.ts'

const NUMBER = new Intl.NumberFormat('en')

/** Says how many assets are shown and how large they are. */
export function Totals({ counts }: { counts: AssetCounts | undefined }) {
  if (!counts) return null
  const { count, bytes, exact } = counts
  return (
    <p data-testid="totals" aria-live="polite" className="text-sm text-muted">
      {exact ? '' : 'More than '}
      {NUMBER.format(count)} {count === 1 ? 'asset' : 'assets'} · {humanBytes(bytes)} of originals
    </p>
  )
}

/** From this part of the quota on, uploads may soon be refused. */
const FULL = 0.9

/** Shows what the project stores, with all variants, against its quota. */
export function StorageBar() {
  const usage = useUsage()
  if (!usage) return null
  const used = usage.bytes + usage.openUploads.bytes
  const quota = usage.quota.bytes
  const part = quota === null || quota === 0 ? null : Math.min(1, used / quota)
  const text = quota === null ? `${humanBytes(used)} stored` : `${humanBytes(used)} of ${humanBytes(quota)} stored`
  return (
    <div data-testid="storage" className="text-sm">
      <p className="text-muted">{text}</p>
      {part !== null && (
        // biome-ignore lint/a11y/useSemanticElements: a <meter> cannot be given the colours of the page in all browsers.
        <div
          role="meter"
          aria-label="Storage"
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={Math.round(100 * part)}
          aria-valuetext={text}
          className="mt-1.5 h-1.5 overflow-hidden rounded-full bg-sunken"
        >
          <div
            className={`h-full origin-left rounded-full ${part >= FULL ? 'bg-bad' : 'bg-accent'}`}
            style={{ transform: `scaleX(${part})` }}
          />
        </div>
      )}
    </div>
  )
}
