import type { Asset } from '@darkroom/contracts'
import { usePlayback } from '../../hooks/use-playback.ts'
import { useSteadyUrl } from '../../hooks/use-steady-url.ts'
import { titleOf } from '../asset-facts.ts'
import { chaptersOf } from '../chapters.ts'
import { isStrip } from '../display-variants.ts'
import type { ReadyVariant } from '../ready-variants.ts'
import { ChapterList } from './chapter-list.tsx'

interface AudioPlayerProps {
  asset: Asset
  /** Null until there is one, like `strip`: their places are kept. */
  audio: ReadyVariant | null
  /** The waveform. */
  strip: ReadyVariant | null
}

/** Shows a player for an audio file with its title, its waveform or cover, and its chapters. */
export function AudioPlayer({ asset, audio, strip }: AudioPlayerProps) {
  const { title, artist } = titleOf(asset)
  const playback = usePlayback<HTMLAudioElement>(asset.id, audio)
  const waveform = useSteadyUrl(asset.id, strip)
  return (
    <div className="grid gap-3">
      {(title || artist) && (
        <p className="text-sm wrap-anywhere">
          {title && <span className="font-medium">{title}</span>}
          {artist && <span className="text-muted">{title ? ` · ${artist}` : artist}</span>}
        </p>
      )}
      {willHaveStrip(asset) && (
        <div className="h-20 overflow-hidden rounded-lg bg-sunken">
          {waveform.url && <img src={waveform.url} alt="" onError={waveform.onError} className="develop size-full" />}
        </div>
      )}
      <div className="h-13.5">
        {audio && (
          <audio
            data-testid="sound"
            {...playback}
            controls
            preload="metadata"
            aria-label={asset.filename}
            className="develop size-full"
          />
        )}
      </div>
      <ChapterList chapters={chaptersOf(asset)} mediaRef={playback.ref} isReady={audio !== null} />
    </div>
  )
}

const willHaveStrip = ({ variants }: Asset): boolean =>
  variants.some(variant => isStrip(variant) && (variant.status === 'ready' || variant.status === 'pending'))
