import type { Asset } from '@darkroom/contracts'
import { kindOfAsset } from '../assets/asset-kind.ts'
import { badgeOf } from '../assets/badge.ts'
import { KindIcon } from './kind-icon.tsx'

/** Tells a video, an audio file and a document apart from an image, and how long it is. Decorative: what it says belongs into the name of what it is on. */
export function KindBadge({ asset }: { asset: Asset }) {
  const text = badgeOf(asset)
  if (text === null) return null
  return (
    <span
      aria-hidden="true"
      className="absolute bottom-2 left-2 inline-flex items-center gap-1 rounded-full bg-black/65 py-0.5 pr-2.5 pl-1.5 text-xs font-medium text-white [&_svg]:size-4"
    >
      <KindIcon kind={kindOfAsset(asset)} />
      {text}
    </span>
  )
}
