import { timestamp } from '../../webvtt/timestamp.ts'
import type { PlannedStoryboard } from '../planned.ts'

type Layout = Pick<PlannedStoryboard, 'frame' | 'columns' | 'frames' | 'refersTo'>

/** Returns WebVTT whose cues name a part of the sprite (W3C media fragments); the sprite itself as `{{name}}`. */
export function storyboardVtt({ frame, columns, frames, refersTo }: Layout, durationMs: number): string {
  const { width, height } = frame
  const cues = Array.from({ length: frames }, (_, n) => {
    const [x, y] = [(n % columns) * width, Math.floor(n / columns) * height]
    const [from, to] = [n, n + 1].map(at => timestamp((at * durationMs) / frames))
    return `${from} --> ${to}\n{{${refersTo[0]}}}#xywh=${x},${y},${width},${height}\n`
  })
  return ['WEBVTT\n', ...cues].join('\n')
}
