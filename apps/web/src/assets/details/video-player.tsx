import type { Asset } from '@darkroom/contracts'
import { usePlayback } from '../../hooks/use-playback.ts'
import { useSteadyUrl } from '../../hooks/use-steady-url.ts'
import { ThumbhashCanvas } from '../../library/thumbhash-canvas.tsx'
import { chaptersOf } from '../chapters.ts'
import type { ReadyVariant } from '../ready-variants.ts'
import { ChapterList } from './chapter-list.tsx'

interface VideoPlayerProps {
  asset: Asset
  /** Null until there is one: its place is kept, so that nothing moves when it comes. */
  video: ReadyVariant | null
  poster: ReadyVariant | null
}

/** Shows a player for a video in the aspect ratio of the original, with its chapters. */
export function VideoPlayer({ asset, video, poster }: VideoPlayerProps) {
  const { width, height, placeholder, filename } = asset
  const playback = usePlayback<HTMLVideoElement>(asset.id, video)
  const still = useSteadyUrl(asset.id, poster)
  return (
    <>
      <div
        style={{ aspectRatio: `${width ?? 16} / ${height ?? 9}`, backgroundColor: placeholder?.dominantColor }}
        className="relative max-h-[50dvh] w-full overflow-hidden bg-sunken"
      >
        {placeholder && <ThumbhashCanvas key={placeholder.thumbhash} hash={placeholder.thumbhash} />}
        {still.url && !video && (
          <img
            src={still.url}
            alt=""
            onError={still.onError}
            className="develop absolute inset-0 size-full object-contain"
          />
        )}
        {video && (
          <video
            data-testid="video"
            {...playback}
            poster={still.url}
            controls
            playsInline
            preload="metadata"
            aria-label={filename}
            className="absolute inset-0 size-full bg-black object-contain"
          />
        )}
      </div>
      <ChapterList chapters={chaptersOf(asset)} mediaRef={playback.ref} isReady={video !== null} />
    </>
  )
}
