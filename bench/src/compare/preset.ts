import { IMAGE_FORMAT_NAMES, PresetDefinition } from '@darkroom/contracts'

const CODECS = ['aac', 'mp3', 'opus'] as const

/** One of everything that is written, small enough to compare each frame. Qualities and efforts are the defaults. */
export const COMPARED = PresetDefinition.parse({
  image: {
    variants: [
      ...IMAGE_FORMAT_NAMES.map(format => ({ name: format, format, width: 320, height: 320 })),
      { name: 'animation', type: 'animation', format: 'webp', width: 160, height: 160 },
    ],
  },
  video: {
    variants: [
      { name: 'mp4', type: 'rendition', resolution: 180 },
      { name: 'hls', type: 'hls', segmentSec: 2, ladder: [{ resolution: 180 }] },
    ],
  },
  audio: { variants: CODECS.map(codec => ({ name: codec, type: 'sound', codec })) },
  document: { variants: [{ name: 'page', type: 'page', format: 'png', width: 480, height: 480, pages: 3 }] },
})
