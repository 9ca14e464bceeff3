/** A frame of the storyboard: when it is shown, and where it is in the image of all frames. */
export interface StoryFrame {
  startSec: number
  endSec: number
  url: string
  x: number
  y: number
  width: number
  height: number
}

const CUE = /^(\S+) --> (\S+).*\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)$/gm

/** Reads the WebVTT of a storyboard. What is no cue is passed over. */
export function parseStoryboard(vtt: string): StoryFrame[] {
  return [...vtt.replaceAll('\r\n', '\n').matchAll(CUE)].map(
    ([, start = '', end = '', url = '', x, y, width, height]) => ({
      startSec: seconds(start),
      endSec: seconds(end),
      url,
      x: Number(x),
      y: Number(y),
      width: Number(width),
      height: Number(height),
    }),
  )
}

/** Returns the frame that is shown at a time; the last one after the end. */
export const frameAt = (frames: readonly StoryFrame[], sec: number): StoryFrame | undefined =>
  frames.find(({ endSec }) => sec < endSec) ?? frames.at(-1)

/** Of `01:02:03.400`, or without hours. */
const seconds = (time: string): number => time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0)
