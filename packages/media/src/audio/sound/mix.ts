const LAYOUTS = ['mono', 'mono', 'stereo']

/**
 * The filter in front of all others: mixes down without clipping, and fills gaps in the timeline with silence, so that
 * every file that is made of a sound is as long as it.
 */
export const mixTo = (channels: number): string =>
  `aresample=async=1:rematrix_maxval=1:ochl=${LAYOUTS[channels] ?? 'stereo'}`
