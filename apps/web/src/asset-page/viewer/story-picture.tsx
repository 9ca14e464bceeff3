import { clockTime } from '../../human-duration.ts'
import type { StoryFrame } from './storyboard.ts'

/** So wide a frame is shown, in pixels. */
const WIDTH = 160

/** Shows one frame of a storyboard with its time. */
export function StoryPicture({ frame: { url, x, y, width, height }, sec }: { frame: StoryFrame; sec: number }) {
  const factor = WIDTH / width
  return (
    <div className="overflow-hidden rounded-lg border border-line bg-surface shadow-card">
      <div
        data-testid="story-frame"
        data-x={x}
        data-y={y}
        className="relative overflow-hidden"
        style={{ width: WIDTH, height: Math.round(height * factor) }}
      >
        <img
          src={url}
          alt=""
          className="absolute max-w-none origin-top-left"
          style={{ transform: `translate(${-x * factor}px, ${-y * factor}px) scale(${factor})` }}
        />
      </div>
      <p className="py-0.5 text-center text-xs">{clockTime(sec * 1000)}</p>
    </div>
  )
}
