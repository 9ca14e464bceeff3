import { IMAGE_FORMATS, type StoryboardSpec } from '@darkroom/contracts'
import type { VideoFacts } from '../../facts.ts'
import { fileType } from '../../formats.ts'
import { targetSize } from '../../plan/geometry.ts'
import type { PlannedStoryboard } from '../planned.ts'

/** Of the sprite: a side that WebP can hold, and an image that telephones can. */
const MAX_SIDE_PX = 16_000
const MAX_PIXELS = 16_000_000
const MIN_INTERVAL_MS = 1000

/** Plans the sprite, as square as it can be, and the WebVTT that says what is where; nothing for a video that takes no time. */
export function planStoryboard(facts: VideoFacts, spec: StoryboardSpec): PlannedStoryboard[] {
  const { name, required, format, quality } = spec
  if (facts.durationMs === 0) return []
  const layout = planLayout(facts, spec)
  const { frame, columns, rows } = layout
  const common = { type: 'storyboard', required, format, quality, ...layout } as const
  const fingerprintInput = JSON.stringify(['storyboard', layout, format, quality])
  const { contentType, extension } = IMAGE_FORMATS[format]
  const size = { width: columns * frame.width, height: rows * frame.height }
  const sprite = { name, part: 'sprite', contentType, extension, ...size, refersTo: [] } as const
  const vtt = {
    name: `${name}-vtt`,
    part: 'vtt' as const,
    ...fileType('text/vtt'),
    width: null,
    height: null,
    refersTo: [name],
  } as const
  return [
    { ...common, ...sprite, fingerprintInput },
    { ...common, ...vtt, fingerprintInput },
  ]
}

function planLayout(
  facts: VideoFacts,
  spec: StoryboardSpec,
): Pick<PlannedStoryboard, 'frame' | 'columns' | 'rows' | 'frames'> {
  const frame = targetSize(facts, { width: spec.width, height: spec.width * MAX_TALLNESS, fit: 'inside' })
  const wanted = Math.min(spec.frames, Math.ceil(facts.durationMs / MIN_INTERVAL_MS))
  const frames = Math.max(1, Math.min(wanted, Math.floor(MAX_PIXELS / (frame.width * frame.height))))
  const square = Math.ceil(Math.sqrt((frames * frame.height) / frame.width))
  const columns = Math.min(frames, square, Math.floor(MAX_SIDE_PX / frame.width))
  return { frame, frames, columns, rows: Math.ceil(frames / columns) }
}

/** A video that is higher than this is made narrower. */
const MAX_TALLNESS = 4
