import type { Asset, MediaKind } from '@darkroom/contracts'
import { kindOfAsset } from '../assets/asset-kind.ts'
import { readyVariants } from '../assets/ready-variants.ts'
import { useShownAsset } from '../hooks/use-shown-asset.ts'
import { useSteadyUrl } from '../hooks/use-steady-url.ts'
import { kindOf } from '../media-format.ts'
import { LocalPreview } from '../uploads/page/local-preview.tsx'
import { KindIcon } from './kind-icon.tsx'
import { ThumbhashCanvas } from './thumbhash-canvas.tsx'

interface ThumbnailProps {
  asset: Asset | undefined
  /** The file on this machine, shown until the service has made something. */
  file?: File | null
  /** What it was declared as, for what is no asset yet. */
  contentType?: string
  className: string
}

/**
 * Shows the best image that is available yet, in layers: colour, thumbhash, local preview, smallest ready variant.
 * Decorative.
 */
export function Thumbnail({ asset: given, file, contentType = '', className }: ThumbnailProps) {
  const asset = useShownAsset(given)
  const preview = asset && readyVariants(asset).find(variant => variant.contentType?.startsWith('image/'))
  const { url, onError } = useSteadyUrl(asset?.id, preview ?? null)
  const { placeholder } = asset ?? {}
  const kind: MediaKind | null = asset ? kindOfAsset(asset) : kindOf(contentType)
  return (
    <div
      aria-hidden="true"
      style={placeholder ? { backgroundColor: placeholder.dominantColor } : undefined}
      className={`relative grid place-items-center overflow-hidden bg-sunken text-muted [&>*]:col-start-1 [&>*]:row-start-1 ${className}`}
    >
      {!placeholder && !url && <KindIcon kind={kind} />}
      {placeholder && <ThumbhashCanvas key={placeholder.thumbhash} hash={placeholder.thumbhash} />}
      {file && !url && <LocalPreview file={file} />}
      {url && (
        <img
          src={url}
          alt=""
          loading="lazy"
          decoding="async"
          onError={onError}
          className={`develop absolute inset-0 size-full object-cover ${kind === 'document' ? 'object-top' : ''}`}
        />
      )}
    </div>
  )
}
