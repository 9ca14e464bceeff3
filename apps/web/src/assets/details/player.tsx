import type { Asset } from '@darkroom/contracts'
import { useShownAsset } from '../../hooks/use-shown-asset.ts'
import { buttonClass } from '../../ui/button.tsx'
import { PageIcon } from '../../ui/icons.tsx'
import { kindOfAsset } from '../asset-kind.ts'
import { displayVariantsOf } from '../display-variants.ts'
import { AudioPlayer } from './audio-player.tsx'
import { VideoPlayer } from './video-player.tsx'

/** Shows what can be played or read of an asset; nothing for an image, which is shown anyway. */
export function Player({ asset, className }: { asset: Asset; className: string }) {
  const { video, image, audio, strip, text } = displayVariantsOf(useShownAsset(asset))
  const kind = kindOfAsset(asset)
  if (asset.status === 'failed') return null
  if (kind === 'video' || video) {
    return (
      <div className={`overflow-hidden rounded-xl ${className}`}>
        <VideoPlayer asset={asset} video={video} poster={image} />
      </div>
    )
  }
  if (kind === 'audio') {
    return (
      <div className={className}>
        <AudioPlayer asset={asset} audio={audio} strip={strip} />
      </div>
    )
  }
  if (!text) return null
  return (
    <p className={className}>
      <a href={text.url} target="_blank" rel="noreferrer" className={`${buttonClass('secondary')}`}>
        <PageIcon />
        Read the text
      </a>
    </p>
  )
}
