import type { Asset } from '@darkroom/contracts'
import { useState } from 'react'
import { kindOfAsset } from '../../assets/asset-kind.ts'
import { readyVariants } from '../../assets/ready-variants.ts'
import { needsView } from '../../assets/with-view.ts'
import { KindIcon } from '../kind-icon.tsx'
import { Thumbnail } from '../thumbnail.tsx'

interface SmallPictureProps {
  asset: Asset
  className: string
}

/**
 * Shows the smallest image of an asset over its colour. Made for views that scroll fast: no canvas, no animation, and nothing
 * that is asked of the service, but for private files. Decorative.
 */
export function SmallPicture({ asset, className }: SmallPictureProps) {
  const [broken, setBroken] = useState<string | null>(null)
  if (needsView(asset)) return <Thumbnail asset={asset} className={className} />
  const url = readyVariants(asset).find(variant => variant.contentType?.startsWith('image/'))?.url ?? null
  return (
    <span
      aria-hidden="true"
      style={asset.placeholder ? { backgroundColor: asset.placeholder.dominantColor } : undefined}
      className={`relative grid place-items-center overflow-hidden bg-sunken text-muted ${className}`}
    >
      {url && url !== broken ? (
        <img
          src={url}
          alt=""
          decoding="async"
          draggable={false}
          onError={() => setBroken(url)}
          className={`absolute inset-0 size-full object-cover ${asset.kind === 'document' ? 'object-top' : ''}`}
        />
      ) : (
        <KindIcon kind={kindOfAsset(asset)} />
      )}
    </span>
  )
}
