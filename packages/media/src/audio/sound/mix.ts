const LAYOUTS = ['mono', 'mono', 'stereo']
/** ffmpeg knows where the speakers of up to this many channels stand. Recorders write more, one for each microphone. */
const MAX_PLACED = 8

/**
 * The filters in front of all others: mix `from` channels down to `to` without clipping, and fill gaps in the timeline with
 * silence, so that every file that is made of a sound is as long as it.
 */
export const mixTo = (to: number, from: number): string => {
  const layout = LAYOUTS[to] ?? 'stereo'
  const placed = from > MAX_PLACED ? `${mixEqually(layout, from)},` : ''
  return `${placed}aresample=async=1:rematrix_maxval=1:ochl=${layout}`
}

/** Every channel alike on every side; `<` divides by their number. */
function mixEqually(layout: string, from: number): string {
  const all = Array.from({ length: from }, (_, n) => `c${n}`).join('+')
  return `pan=${layout}|c0<${all}${layout === 'mono' ? '' : `|c1<${all}`}`
}
