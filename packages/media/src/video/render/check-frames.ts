import { MediaFault } from '../../fault.ts'

/**
 * Refuses a video without frames. ffmpeg is content with a video of no frames.
 * @throws MediaFault CORRUPT_FILE
 */
export function checkFrames(stderr: string): void {
  const frames = [...stderr.matchAll(/\bframe=\s*(\d+)/g)].at(-1)?.[1]
  if (Number(frames ?? 0) === 0) throw new MediaFault('CORRUPT_FILE', 'No frame of the video can be decoded')
}
