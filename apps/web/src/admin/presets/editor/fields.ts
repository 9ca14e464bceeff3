import type { MediaKind } from '@darkroom/contracts/media-types'

/** A field of a variant in the form. What is rarer than these is written as JSON. */
export interface Field {
  name: string
  label: string
  /** Texts and numbers; a choice has its values. */
  type: 'text' | 'number' | 'boolean' | readonly string[]
  hint?: string
}

const number = (name: string, label: string, hint?: string): Field => ({
  name,
  label,
  type: 'number',
  ...(hint && { hint }),
})
const choice = (name: string, label: string, values: readonly string[], hint?: string): Field => ({
  name,
  label,
  type: values,
  ...(hint && { hint }),
})

const SIZE = [number('width', 'Width', 'px'), number('height', 'Height', 'px')]
const QUALITY = number('quality', 'Quality', '1 to 100')
const REQUIRED: Field = { name: 'required', label: 'Required', type: 'boolean', hint: 'the asset fails without it' }
const STILL = [
  ...SIZE,
  choice('fit', 'Fit', ['cover', 'inside', 'pad']),
  choice('position', 'Crop keeps', ['center', 'attention', 'entropy']),
  choice('format', 'Format', ['webp', 'jpeg', 'png', 'avif']),
  QUALITY,
  number('effort', 'Effort', '0 to 9'),
  number('maxBytes', 'Maximum size', 'bytes'),
  { name: 'background', label: 'Background', type: 'text', hint: '#rrggbb' } as Field,
  number('padding', 'Padding', 'px'),
]
const MOVING = choice('format', 'Format', ['webp', 'mp4'])

/** The fields of each type of variant, by the kind of media; the first type is that of a new variant. */
export const TYPES: Record<MediaKind, Record<string, readonly Field[]>> = {
  image: {
    picture: [...STILL, REQUIRED],
    animation: [...SIZE, MOVING, QUALITY, REQUIRED],
    icon: [number('width', 'Width', 'px'), choice('format', 'Format', ['webp', 'png']), REQUIRED],
  },
  video: {
    poster: [...STILL, REQUIRED],
    preview: [number('width', 'Width', 'px'), MOVING, number('durationSec', 'Duration', 's'), QUALITY, REQUIRED],
    storyboard: [
      number('width', 'Frame width', 'px'),
      number('frames', 'Frames'),
      choice('format', 'Format', ['webp', 'jpeg']),
      QUALITY,
      REQUIRED,
    ],
    rendition: [
      number('resolution', 'Resolution', '120 to 4320'),
      number('crf', 'CRF'),
      number('maxFrameRate', 'Frames per second'),
      number('audioBitrateKbps', 'Audio', 'kbit/s'),
      REQUIRED,
    ],
    hls: [number('segmentSec', 'Segment', 's'), REQUIRED],
  },
  audio: {
    waveform: [
      ...SIZE,
      choice('format', 'Format', ['webp', 'png']),
      { name: 'color', label: 'Colour', type: 'text', hint: '#rrggbb' },
      { name: 'background', label: 'Background', type: 'text', hint: '#rrggbb' },
      REQUIRED,
    ],
    cover: [...STILL, REQUIRED],
    sound: [number('bitrateKbps', 'Bit rate', 'kbit/s'), number('channels', 'Channels'), REQUIRED],
    peaks: [number('points', 'Points'), REQUIRED],
  },
  document: {
    page: [...STILL, number('pages', 'Pages'), REQUIRED],
    text: [REQUIRED],
  },
}
