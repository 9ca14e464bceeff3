import type { Asset } from '@darkroom/contracts'
import { type ReactNode, type SyntheticEvent, useRef, useState } from 'react'
import { chaptersOf } from '../../assets/chapters.ts'
import { ChapterList } from '../../assets/details/chapter-list.tsx'
import { displayVariantsOf } from '../../assets/display-variants.ts'
import { usePlayback } from '../../hooks/use-playback.ts'
import { useShownAsset } from '../../hooks/use-shown-asset.ts'
import { useSteadyUrl } from '../../hooks/use-steady-url.ts'
import { clockTime } from '../../human-duration.ts'
import { ThumbhashCanvas } from '../../library/thumbhash-canvas.tsx'
import { useShownManifest } from '../use-shown-manifest.ts'
import { playsHls, qualitiesOf } from './qualities.ts'
import { SeekBar } from './seek-bar.tsx'
import { StoryPicture } from './story-picture.tsx'
import { frameAt } from './storyboard.ts'
import { useMediaTime } from './use-media-time.ts'
import { useStoryboard } from './use-storyboard.ts'

/** Shows a video with a choice of qualities, its chapters, and a bar to look through it by its storyboard. */
export function VideoViewer({ asset }: { asset: Asset }) {
  const shown = useShownAsset(asset)
  const manifest = useShownManifest(asset)
  /** A browser may say that it plays playlists, and then not play this one. */
  const [isHlsBroken, setHlsBroken] = useState(false)
  const hls = manifest?.hls?.variant ?? null
  const qualities = qualitiesOf(shown, hls, playsHls() && !isHlsBroken)
  const [name, setName] = useState<string | null>(null)
  /** Where the former file was when another quality was chosen. */
  const left = useRef({ sec: 0, isPlaying: false })
  const quality = qualities.find(each => each.name === name) ?? qualities[0] ?? null
  const playback = usePlayback<HTMLVideoElement>(asset.id, quality?.variant ?? null)
  const poster = useSteadyUrl(asset.id, displayVariantsOf(shown).image)
  const time = useMediaTime(playback.ref, playback.src)
  const frames = useStoryboard(asset, manifest)
  const { placeholder, filename } = asset

  /** Goes on at the same place in the other file. */
  function choose(next: string): void {
    const { currentTime = 0, paused = true } = playback.ref.current ?? {}
    left.current = { sec: currentTime, isPlaying: !paused }
    setName(next)
  }

  function onError(event: SyntheticEvent<HTMLVideoElement>): void {
    if (quality?.name === hls) setHlsBroken(true)
    else playback.onError(event)
  }

  function onLoadedMetadata(event: SyntheticEvent<HTMLVideoElement>): void {
    playback.onLoadedMetadata(event)
    const { sec, isPlaying } = left.current
    left.current = { sec: 0, isPlaying: false }
    if (sec > 0) event.currentTarget.currentTime = sec
    // What cannot be played says so itself.
    if (isPlaying) event.currentTarget.play().catch(() => undefined)
  }

  function seek(sec: number): void {
    if (playback.ref.current) playback.ref.current.currentTime = sec
  }
  const preview = (sec: number): ReactNode => {
    const frame = frameAt(frames, sec)
    return frame ? <StoryPicture frame={frame} sec={sec} /> : <TimeLabel sec={sec} />
  }
  return (
    <div className="rounded-2xl border border-line bg-surface">
      <div
        style={{ backgroundColor: placeholder?.dominantColor }}
        className="relative h-[min(60dvh,38rem)] overflow-hidden rounded-t-2xl bg-sunken"
      >
        {placeholder && <ThumbhashCanvas key={placeholder.thumbhash} hash={placeholder.thumbhash} />}
        {quality && (
          <video
            data-testid="video"
            data-quality={quality.name}
            {...playback}
            onError={onError}
            onLoadedMetadata={onLoadedMetadata}
            poster={poster.url}
            controls
            playsInline
            preload="metadata"
            aria-label={filename}
            className="absolute inset-0 size-full bg-black object-contain"
          />
        )}
      </div>
      <div className="px-4 py-2">
        <SeekBar
          label={`Position in ${filename}`}
          sec={time.sec}
          durationSec={time.durationSec || (asset.durationMs ?? 0) / 1000}
          preview={preview}
          className="flex h-8 items-center"
          readSec={() => playback.ref.current?.currentTime ?? 0}
          onSeek={seek}
        >
          {played => (
            <span className="block h-1.5 w-full overflow-hidden rounded-full bg-line">
              <span className="block h-full bg-accent" style={{ width: `${played * 100}%` }} />
            </span>
          )}
        </SeekBar>
        {qualities.length > 1 && <QualityChoice qualities={qualities} chosen={quality?.name ?? ''} onChoose={choose} />}
      </div>
      <div className="px-1">
        <ChapterList chapters={chaptersOf(asset)} mediaRef={playback.ref} isReady={quality !== null} />
      </div>
    </div>
  )
}

const TimeLabel = ({ sec }: { sec: number }) => (
  <p className="rounded-lg border border-line bg-surface px-2 py-0.5 text-xs shadow-card">{clockTime(sec * 1000)}</p>
)

interface QualityChoiceProps {
  qualities: { name: string; label: string }[]
  chosen: string
  onChoose: (name: string) => void
}

function QualityChoice({ qualities, chosen, onChoose }: QualityChoiceProps) {
  return (
    <fieldset className="flex flex-wrap items-center gap-1 text-sm">
      <legend className="sr-only">Quality</legend>
      <span aria-hidden="true" className="pr-2 text-muted">
        Quality
      </span>
      {qualities.map(({ name, label }) => (
        <label
          key={name}
          className="inline-flex min-h-11 cursor-pointer items-center rounded-full border border-transparent px-3 text-muted hover:bg-sunken has-checked:border-edge has-checked:text-ink has-focus-visible:outline-2 has-focus-visible:outline-accent"
        >
          <input
            type="radio"
            name="quality"
            value={name}
            checked={name === chosen}
            data-testid={`quality-${name}`}
            onChange={() => onChoose(name)}
            className="sr-only"
          />
          {label}
        </label>
      ))}
    </fieldset>
  )
}
