import type { Asset } from '@darkroom/contracts'
import { memo, useState } from 'react'
import { extentOf } from '../assets/asset-facts.ts'
import { badgeOf } from '../assets/badge.ts'
import { StatusText } from '../assets/details/status-text.tsx'
import { WarningMark } from '../assets/details/warning-mark.tsx'
import { useServiceConditions } from '../hooks/use-service-conditions.ts'
import { useServices } from '../hooks/use-services.ts'
import { humanBytes } from '../human-bytes.ts'
import { May } from '../session/may.tsx'
import { FileName } from '../ui/file-name.tsx'
import { ProgressBar } from '../ui/progress-bar.tsx'
import { failureOf } from '../uploads/failure.ts'
import { RemoveButton } from '../uploads/page/remove-button.tsx'
import { assetState } from '../uploads/row-state.ts'
import { KindBadge } from './kind-badge.tsx'
import { Thumbnail } from './thumbnail.tsx'

interface LibraryTileProps {
  asset: Asset
  onOpen: (id: string) => void
}

export const LibraryTile = memo(function LibraryTile({ asset, onOpen }: LibraryTileProps) {
  const { engine } = useServices()
  const [fault, setFault] = useState<string | null>(null)
  const { status, label, text, progress } = assetState(asset, useServiceConditions())
  const { id, filename } = asset
  const hasWarnings = asset.warnings.length > 0

  function remove(): void {
    setFault(null)
    engine.removeAsset(id).catch(error => setFault(`Not deleted: ${failureOf(error, 'remove').detail}`))
  }

  return (
    <li data-testid="library-item" data-status={status} data-asset-id={id} className="min-w-0">
      <button
        type="button"
        onClick={() => onOpen(id)}
        aria-label={[`Show ${filename}`, badgeOf(asset), hasWarnings && 'with a warning'].filter(Boolean).join(', ')}
        className="group relative block w-full rounded-2xl"
      >
        <Thumbnail
          asset={asset}
          className="aspect-square w-full rounded-2xl transition-transform duration-300 group-hover:scale-[1.015]"
        />
        <KindBadge asset={asset} />
        {hasWarnings && <WarningMark />}
      </button>
      {status === 'processing' && progress !== null && (
        <div className="mt-2">
          <ProgressBar value={progress} label={filename} text={text} />
        </div>
      )}
      <div className="mt-1 flex flex-wrap items-center justify-between gap-x-1">
        <div className="min-w-0 flex-1 basis-20">
          <FileName name={filename} className="text-sm font-medium" />
          {status === 'ready' ? (
            <p className="truncate text-sm text-muted">{describe(asset)}</p>
          ) : (
            <StatusText status={status} text={label} />
          )}
        </div>
        <May need="write">
          <RemoveButton name={filename} isDeletion onRemove={remove} />
        </May>
      </div>
      {fault && (
        <p role="alert" className="mt-1 text-sm text-bad">
          {fault}
        </p>
      )}
    </li>
  )
})

const describe = (asset: Asset) => extentOf(asset)[0] ?? humanBytes(asset.byteSize)
