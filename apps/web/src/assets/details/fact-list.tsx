import type { Asset } from '@darkroom/contracts'
import { ChevronIcon } from '../../ui/icons.tsx'
import { factsOf } from '../asset-facts.ts'

interface FactListProps {
  asset: Asset
  /** Unfolded from the beginning. */
  isOpen?: boolean
}

/** Lists the facts about the original; nothing before it was probed. */
export function FactList({ asset, isOpen = false }: FactListProps) {
  if (asset.kind === null) return null
  return (
    <details open={isOpen} className="group border-t border-line py-1" data-testid="facts">
      <summary className="flex min-h-11 cursor-pointer list-none items-center gap-2 text-sm font-medium text-muted hover:text-ink">
        <span className="-rotate-90 transition-transform group-open:rotate-0">
          <ChevronIcon />
        </span>
        About the original
      </summary>
      <dl className="grid grid-cols-[repeat(auto-fill,minmax(8rem,1fr))] gap-x-6 gap-y-3 pt-1 pb-3 text-sm">
        {factsOf(asset).map(({ label, value }) => (
          <div key={label} className="min-w-0">
            <dt className="text-muted">{label}</dt>
            <dd className="wrap-anywhere">{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
