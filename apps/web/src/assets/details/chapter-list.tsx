import type { RefObject } from 'react'
import { clockTime } from '../../human-duration.ts'
import type { Chapter } from '../chapters.ts'

interface ChapterListProps {
  chapters: readonly Chapter[]
  /** What plays them. */
  mediaRef: RefObject<HTMLMediaElement | null>
  /** Whether it is there already: the place of the list is kept until then. */
  isReady: boolean
}

/** Lists the chapters of a video or an audio file; a click plays a chapter from its beginning. */
export function ChapterList({ chapters, mediaRef, isReady }: ChapterListProps) {
  if (chapters.length === 0) return null

  function play(startMs: number): void {
    const media = mediaRef.current
    if (!media) return
    media.currentTime = startMs / 1000
    // What cannot be played says so itself.
    media.play().catch(() => undefined)
  }

  return (
    <ol aria-label="Chapters" data-testid="chapters" className="max-h-48 overflow-y-auto py-1 text-sm">
      {chapters.map(({ startMs, title }) => (
        <li key={startMs}>
          <button
            type="button"
            disabled={!isReady}
            onClick={() => play(startMs)}
            className="flex min-h-11 w-full items-center gap-3 rounded-lg px-3 text-left hover:bg-sunken"
          >
            <span className="min-w-12 text-right text-muted tabular-nums">{clockTime(startMs)}</span>
            <span className="min-w-0 wrap-anywhere">{title}</span>
          </button>
        </li>
      ))}
    </ol>
  )
}
