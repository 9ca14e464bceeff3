import type { Asset } from '@darkroom/contracts'
import { titleOf } from '../../assets/asset-facts.ts'
import { chaptersOf } from '../../assets/chapters.ts'
import { ChapterList } from '../../assets/details/chapter-list.tsx'
import { displayVariantsOf } from '../../assets/display-variants.ts'
import { usePlayback } from '../../hooks/use-playback.ts'
import { useShownAsset } from '../../hooks/use-shown-asset.ts'
import { useSteadyUrl } from '../../hooks/use-steady-url.ts'
import { SeekBar } from './seek-bar.tsx'
import { useMediaTime } from './use-media-time.ts'

/** Shows an audio file: its cover, its waveform, in which one seeks, and a player. */
export function AudioViewer({ asset }: { asset: Asset }) {
  const { audio, strip, image } = displayVariantsOf(useShownAsset(asset))
  const playback = usePlayback<HTMLAudioElement>(asset.id, audio)
  const waveform = useSteadyUrl(asset.id, strip)
  const cover = useSteadyUrl(asset.id, image === strip ? null : image)
  const time = useMediaTime(playback.ref, playback.src)
  const { title, artist } = titleOf(asset)

  function seek(sec: number): void {
    if (playback.ref.current) playback.ref.current.currentTime = sec
  }
  return (
    <div className="grid gap-4 rounded-2xl border border-line bg-surface p-4">
      <div className="flex items-center gap-4">
        {cover.url && (
          <img
            src={cover.url}
            alt=""
            onError={cover.onError}
            className="size-24 shrink-0 rounded-xl bg-sunken object-cover sm:size-32"
          />
        )}
        <div className="min-w-0">
          <p className="text-lg font-medium wrap-anywhere">{title ?? asset.filename}</p>
          {artist && <p className="text-muted wrap-anywhere">{artist}</p>}
        </div>
      </div>
      {waveform.url && (
        <SeekBar
          label={`Position in ${asset.filename}`}
          sec={time.sec}
          durationSec={time.durationSec || (asset.durationMs ?? 0) / 1000}
          className="h-24 overflow-hidden rounded-xl bg-sunken"
          readSec={() => playback.ref.current?.currentTime ?? 0}
          onSeek={seek}
        >
          {played => (
            <>
              <img
                src={waveform.url}
                alt=""
                draggable={false}
                onError={waveform.onError}
                className="absolute inset-0 size-full opacity-45"
              />
              <img
                src={waveform.url}
                alt=""
                draggable={false}
                data-testid="waveform"
                className="absolute inset-0 size-full"
                style={{ clipPath: `inset(0 ${(1 - played) * 100}% 0 0)` }}
              />
              <span className="absolute inset-y-0 w-0.5 bg-accent" style={{ left: `${played * 100}%` }} />
            </>
          )}
        </SeekBar>
      )}
      {audio && (
        <audio
          data-testid="sound"
          {...playback}
          controls
          preload="metadata"
          aria-label={asset.filename}
          className="w-full"
        />
      )}
      <ChapterList chapters={chaptersOf(asset)} mediaRef={playback.ref} isReady={audio !== null} />
    </div>
  )
}
