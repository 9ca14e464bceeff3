import type { Asset } from '@darkroom/contracts'
import { type ReadyVariant, readyVariants } from '../../assets/ready-variants.ts'
import { useShownAsset } from '../../hooks/use-shown-asset.ts'
import { useSteadyUrl } from '../../hooks/use-steady-url.ts'
import { humanBytes } from '../../human-bytes.ts'
import { altOf } from '../alt-of.ts'
import { useCompareImages } from './compare-images.tsx'
import { useOriginalUrl } from './use-original-url.ts'
import { ZoomFrame } from './zoom-frame.tsx'

interface ImageViewerProps {
  asset: Asset
  /** Name of the variant beside which the original is shown. */
  variantName: string | null
}

/** Shows an image to look at closely, and the original beside the variant that was made of it. */
export function ImageViewer({ asset, variantName }: ImageViewerProps) {
  const shown = useShownAsset(asset)
  const images = readyVariants(shown).filter(({ contentType }) => contentType?.startsWith('image/'))
  const largest = images.findLast(image => isWhole(image, asset)) ?? images.at(-1) ?? null
  const chosen = images.find(({ name }) => name === variantName) ?? largest
  const originalUrl = useOriginalUrl(asset)
  const steady = useSteadyUrl(asset.id, chosen)
  if (!chosen || !steady.url) return <Waiting asset={asset} />
  const size = { width: chosen.width ?? asset.width ?? 1, height: chosen.height ?? asset.height ?? 1 }
  const label = `Image of ${asset.filename}`
  const canCompare = originalUrl !== null && isWhole(chosen, asset)
  if (!canCompare) {
    return (
      <ZoomFrame label={label} image={size} controls={<ShownName variant={chosen} />}>
        <img
          src={steady.url}
          alt={altOf(asset)}
          draggable={false}
          onError={steady.onError}
          className="absolute inset-0 size-full object-contain"
        />
      </ZoomFrame>
    )
  }
  return (
    <Compared
      label={label}
      asset={asset}
      size={{ width: asset.width ?? size.width, height: asset.height ?? size.height }}
      originalUrl={originalUrl}
      chosen={chosen}
      url={steady.url}
      onError={steady.onError}
    />
  )
}

interface ComparedProps {
  asset: Asset
  label: string
  size: { width: number; height: number }
  originalUrl: string
  chosen: ReadyVariant
  url: string
  onError: () => void
}

function Compared({ asset, label, size, originalUrl, chosen, url, onError }: ComparedProps) {
  const before = { url: originalUrl, label: 'Original' }
  const { images, slider } = useCompareImages({
    before,
    after: { url, label: chosen.name, onError },
    alt: altOf(asset),
  })
  return (
    <ZoomFrame label={label} image={size} controls={slider}>
      {images}
    </ZoomFrame>
  )
}

function ShownName({ variant: { name, width, height, byteSize } }: { variant: ReadyVariant }) {
  const facts = [name, `${width} × ${height}`, ...(byteSize === null ? [] : [humanBytes(byteSize)])]
  return <p className="truncate px-2 text-sm text-muted">{facts.join(' · ')}</p>
}

function Waiting({ asset }: { asset: Asset }) {
  return (
    <div
      className="grid h-[min(60dvh,38rem)] place-items-center rounded-2xl border border-line bg-sunken px-6 text-center text-muted"
      style={{ backgroundColor: asset.placeholder?.dominantColor }}
    >
      {asset.placeholder ? null : 'No image of it yet.'}
    </div>
  )
}

const MAX_ASPECT_DIFFERENCE = 0.02

/** Tells whether a variant shows all of the original: only then they can lie over each other. */
function isWhole({ width, height }: ReadyVariant, asset: Asset): boolean {
  if (!width || !height || !asset.width || !asset.height) return false
  const aspect = asset.width / asset.height
  return Math.abs(width / height - aspect) / aspect <= MAX_ASPECT_DIFFERENCE
}
