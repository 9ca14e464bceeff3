import type { Asset } from '@darkroom/contracts'
import { extentOf } from '../assets/asset-facts.ts'
import { kindOfAsset } from '../assets/asset-kind.ts'
import { KindIcon } from './kind-icon.tsx'

/** Tells a film, a sound and a document apart from a picture, and how long it is. Decorative. */
export function KindBadge({ asset }: { asset: Asset }) {
  const kind = kindOfAsset(asset)
  const extent = extentOf(asset).at(-1)
  if (kind === 'image' || extent === undefined) return null
  return (
    <span
      aria-hidden="true"
      className="absolute bottom-2 left-2 inline-flex items-center gap-1 rounded-full bg-black/65 py-0.5 pr-2.5 pl-1.5 text-xs font-medium text-white [&_svg]:size-4"
    >
      <KindIcon kind={kind} />
      {extent}
    </span>
  )
}
