import type { AssetSummary } from '@darkroom/contracts'
import { memo } from 'react'
import { extentOf } from '../../assets/asset-facts.ts'
import { StatusText } from '../../assets/details/status-text.tsx'
import { humanBytes } from '../../human-bytes.ts'
import { formatName } from '../../media-format.ts'
import { assetState } from '../../uploads/row-state.ts'
import { CheckMark } from './check-mark.tsx'
import { Part } from './part.tsx'
import { SmallPicture } from './small-picture.tsx'
import { COLUMNS } from './table-columns.ts'
import { useShown } from './use-shown.ts'

const DATE = new Intl.DateTimeFormat('en', { dateStyle: 'medium' })

interface RowProps {
  summary: AssetSummary
  isSelected: boolean
  /** The one that the tab key leads to. */
  isActive: boolean
  /** Its number in the list, from 1. */
  place: number
}

/** Shows one asset of the table. What a click or a key does, the view knows. */
export const TableRow = memo(function TableRow({ summary, isSelected, isActive, place }: RowProps) {
  const asset = useShown(summary)
  const { status, label } = assetState(asset)
  return (
    <Part
      role="row"
      tabIndex={isActive ? 0 : -1}
      data-testid="library-item"
      data-asset-id={asset.id}
      data-status={status}
      aria-selected={isSelected}
      aria-rowindex={place + 1}
      className={`flex h-full cursor-default items-center gap-3 rounded-xl px-2 text-sm select-none ${isSelected ? 'bg-accent-soft' : 'hover:bg-sunken'}`}
    >
      <Part role="gridcell" className={`flex items-center gap-3 ${COLUMNS.name}`}>
        <CheckMark isSelected={isSelected} />
        <SmallPicture asset={asset} className="size-10 shrink-0 rounded-lg" />
        <span dir="auto" className="truncate font-medium">
          {asset.filename}
        </span>
      </Part>
      <Part role="gridcell" className={COLUMNS.status}>
        <StatusText status={status} text={label} />
      </Part>
      <Part role="gridcell" className={`text-muted ${COLUMNS.format}`}>
        {[formatName(asset.contentType), extentOf(asset)[0]].filter(Boolean).join(' · ')}
      </Part>
      <Part role="gridcell" dir="auto" className={`text-muted ${COLUMNS.folder}`}>
        {asset.folder}
      </Part>
      <Part role="gridcell" dir="auto" className={`text-muted ${COLUMNS.tags}`}>
        {asset.tags.join(', ')}
      </Part>
      <Part role="gridcell" className={COLUMNS.size}>
        {humanBytes(asset.byteSize)}
      </Part>
      <Part role="gridcell" className={`text-muted ${COLUMNS.created}`}>
        {DATE.format(new Date(asset.createdAt))}
      </Part>
    </Part>
  )
})
