import { PresetDefinition } from './definition.ts'

type Definition = Parameters<typeof PresetDefinition.parse>[0]

const image = (name: string, size: number, more: object = {}) => ({
  name,
  width: size,
  height: size,
  format: 'webp',
  ...more,
})

const SIZES = [
  image('thumb', 256, { required: true, fit: 'cover' }),
  image('small', 640),
  image('medium', 1280, { required: true }),
  image('large', 2048),
  image('medium-jpeg', 1280, { format: 'jpeg' }),
]

const MOVING_SIZES = [...SIZES, { name: 'animation', type: 'animation', format: 'webp' }]

const POSTERS = [
  image('thumb', 256, { type: 'poster', required: true, fit: 'cover' }),
  image('poster', 1280, { type: 'poster', required: true }),
]

const VIDEO = [
  ...POSTERS,
  { name: 'preview', type: 'preview' },
  { name: 'mp4-720', type: 'rendition', resolution: 720, required: true },
]

const ON_DEMAND = [
  ...POSTERS,
  { name: 'preview', type: 'preview' },
  { name: 'storyboard', type: 'storyboard' },
  { name: 'mp4-720', type: 'rendition', resolution: 720, required: true },
  {
    name: 'hls',
    type: 'hls',
    ladder: [{ resolution: 360, crf: 25, audioBitrateKbps: 96 }, { resolution: 720 }, { resolution: 1080 }],
  },
  { name: 'audio', type: 'sound', codec: 'aac' },
]

const AUDIO = [
  { name: 'aac', type: 'sound', codec: 'aac', required: true },
  { name: 'peaks', type: 'peaks' },
  { name: 'waveform', type: 'waveform' },
  image('cover', 640, { type: 'cover' }),
]

const PODCAST = [
  { name: 'aac', type: 'sound', codec: 'aac', required: true },
  { name: 'mp3', type: 'sound', codec: 'mp3' },
  { name: 'opus', type: 'sound', codec: 'opus', bitrateKbps: 64 },
  ...AUDIO.slice(1),
]

const CHAPTERS = { name: 'chapters', type: 'chapters' }

const PAGES = [
  image('thumb', 256, { type: 'page', required: true }),
  image('page', 1280, { type: 'page', pages: 3 }),
  { name: 'text', type: 'text' },
]

/** Newest last; a version that was published once is never changed, only followed by another. */
const DEFINITIONS: { name: string; version: number; definition: Definition }[] = [
  { name: 'default', version: 1, definition: { image: { variants: SIZES } } },
  {
    name: 'default',
    version: 2,
    definition: {
      image: { variants: MOVING_SIZES },
      video: { variants: VIDEO },
      audio: { variants: AUDIO },
      document: { variants: PAGES },
    },
  },
  {
    name: 'default',
    version: 3,
    definition: {
      image: { variants: MOVING_SIZES },
      video: { variants: [...VIDEO, CHAPTERS] },
      audio: { variants: [...AUDIO, CHAPTERS] },
      document: { variants: PAGES },
    },
  },
  {
    name: 'avatar',
    version: 1,
    definition: {
      image: {
        variants: [64, 128, 256, 512].map(size =>
          image(`avatar-${size}`, size, { fit: 'cover', position: 'attention', required: size === 256 }),
        ),
      },
    },
  },
  {
    name: 'gallery',
    version: 1,
    definition: {
      image: {
        variants: [
          image('thumb', 320, { required: true, fit: 'cover', position: 'attention' }),
          image('screen', 1920, { required: true }),
          image('screen-avif', 1920, { format: 'avif', quality: 55 }),
          image('print', 3840, { format: 'jpeg', quality: 90, colors: 'keep', keepCopyright: true }),
          { name: 'animation', type: 'animation', format: 'webp' },
          { name: 'animation-mp4', type: 'animation', format: 'mp4' },
        ],
      },
    },
  },
  {
    name: 'article',
    version: 1,
    definition: {
      image: {
        variants: [
          ...[480, 960, 1600].flatMap(width => [
            { name: `w${width}`, width, format: 'webp', required: width === 960 },
            { name: `w${width}-avif`, width, format: 'avif', quality: 55 },
          ]),
          { name: 'share', width: 1200, height: 630, fit: 'cover', position: 'attention', format: 'jpeg' },
          { name: 'animation', type: 'animation', format: 'webp' },
        ],
      },
      document: { variants: PAGES },
    },
  },
  {
    name: 'podcast',
    version: 1,
    definition: { audio: { variants: PODCAST } },
  },
  {
    name: 'podcast',
    version: 2,
    definition: { audio: { variants: [...PODCAST, CHAPTERS] } },
  },
  {
    name: 'video-on-demand',
    version: 1,
    definition: { video: { variants: ON_DEMAND } },
  },
  {
    name: 'video-on-demand',
    version: 2,
    definition: { video: { variants: [...ON_DEMAND, CHAPTERS] } },
  },
  {
    name: 'document-library',
    version: 1,
    definition: {
      document: {
        variants: [
          image('thumb', 256, { type: 'page', required: true }),
          image('page', 1600, { type: 'page', pages: 10 }),
          { name: 'text', type: 'text', pages: 200 },
        ],
      },
      image: { variants: SIZES },
    },
  },
]

/** The presets that every installation has. `default` is used when an upload names none. */
export const BUILT_IN_PRESETS = DEFINITIONS.map(({ definition, ...preset }) => ({
  ...preset,
  definition: PresetDefinition.parse(definition),
}))
