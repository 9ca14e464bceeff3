import type { AssetSummary } from '@darkroom/contracts'
import { memo } from 'react'
import { extentOf } from '../../assets/asset-facts.ts'
import { StatusText } from '../../assets/details/status-text.tsx'
import { humanBytes } from '../../human-bytes.ts'
import { assetState } from '../../uploads/row-state.ts'
import { KindBadge } from '../kind-badge.tsx'
import { CheckMark } from './check-mark.tsx'
import { Part } from './part.tsx'
import { SmallPicture } from './small-picture.tsx'
import { useShown } from './use-shown.ts'

interface CellProps {
  summary: AssetSummary
  isSelected: boolean
  /** The one that the tab key leads to. */
  isActive: boolean
  /** Height of the picture, in pixels. */
  size: number
}

/** Shows one asset of the grid. What a click or a key does, the view knows. */
export const GridCell = memo(function GridCell({ summary, isSelected, isActive, size }: CellProps) {
  const asset = useShown(summary)
  const { status, label } = assetState(asset)
  const facts = extentOf(asset)[0] ?? humanBytes(asset.byteSize)
  return (
    <Part
      role="gridcell"
      tabIndex={isActive ? 0 : -1}
      data-testid="library-item"
      data-asset-id={asset.id}
      data-status={status}
      aria-selected={isSelected}
      className="group min-w-0 cursor-default rounded-2xl select-none"
    >
      <div
        style={{ height: size }}
        className={`relative overflow-hidden rounded-2xl ${isSelected ? 'ring-3 ring-accent ring-inset' : ''}`}
      >
        <SmallPicture asset={asset} className={`size-full rounded-2xl ${isSelected ? 'scale-92' : ''}`} />
        <KindBadge asset={asset} />
        <span
          className={`absolute top-2 left-2 ${isSelected ? '' : 'opacity-0 group-hover:opacity-100 group-focus-visible:opacity-100 pointer-coarse:opacity-100'}`}
        >
          <CheckMark isSelected={isSelected} />
        </span>
      </div>
      <p dir="auto" className="mt-1.5 truncate px-1 text-sm font-medium">
        {asset.filename}
      </p>
      <div className="truncate px-1 text-sm text-muted">
        {status === 'ready' ? facts : <StatusText status={status} text={label} />}
      </div>
    </Part>
  )
})
