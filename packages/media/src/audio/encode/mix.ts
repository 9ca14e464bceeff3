import type { AudioInput } from './audio-source.ts'

const LAYOUTS = ['mono', 'mono', 'stereo']
/** ffmpeg knows where the speakers of up to this many channels stand. Recorders write more, one for each microphone. */
const MAX_PLACED = 8

type Heard = Pick<AudioInput, 'channels' | 'precededBy'>

/**
 * Returns the filters in front of all others: mix the channels of an audio file down to `to` without clipping, and fill gaps in the timeline
 * with silence, so that every file that is made of it is as long as it. Most audio files have no clock: what comes before
 * the first sample of a video's audio has to be written as silence, or all of it is heard too early. Only then: filters begin
 * anew where the number of channels changes, and would write all of the time until then as silence once more.
 */
export const mixTo = (to: number, { channels: from, precededBy }: Heard): string => {
  const layout = LAYOUTS[to] ?? 'stereo'
  const placed = from > MAX_PLACED ? `${mixEqually(layout, from)},` : ''
  const begin = precededBy === null ? '' : ':first_pts=0'
  return `${placed}aresample=async=1${begin}:rematrix_maxval=1:ochl=${layout}`
}

/** Mixes every channel equally to every side; `<` divides by their number. */
function mixEqually(layout: string, from: number): string {
  const all = Array.from({ length: from }, (_, n) => `c${n}`).join('+')
  return `pan=${layout}|c0<${all}${layout === 'mono' ? '' : `|c1<${all}`}`
}
