import type { MediaKind, Variant } from '@darkroom/contracts'
import { expect, test } from 'vitest'
import { testAsset, testVariant } from '../testing/test-asset.ts'
import { type DisplayVariants, displayVariantsOf } from './display-variants.ts'

const image = (name: string, width: number, height: number) => testVariant({ name, width, height })
const video = (name: string, width: number | null) =>
  testVariant({ name, contentType: 'video/mp4', width, height: width && (width * 9) / 16 })
const file = (name: string, contentType: string) => testVariant({ name, contentType, width: null, height: null })

const thumb = image('thumb', 256, 256)
const waveform = image('waveform', 1200, 200)

test.each<[string, MediaKind, Variant[], Partial<Record<keyof DisplayVariants, string>>]>([
  [
    'the largest image that fits the page',
    'image',
    [thumb, image('l', 2048, 1536), image('m', 1280, 960)],
    { image: 'm' },
  ],
  ['the smallest image where none fits', 'image', [image('xl', 4000, 3000), image('l', 2048, 1536)], { image: 'l' }],
  ['a wide image as an image', 'image', [image('panorama', 1200, 200)], { image: 'panorama' }],
  ['an animation as a video', 'image', [thumb, video('animation', 480)], { image: 'thumb', video: 'animation' }],
  [
    'a video with its poster',
    'video',
    [thumb, image('poster', 1280, 720), video('mp4-720', 1280)],
    { image: 'poster', video: 'mp4-720' },
  ],
  [
    'no part of a stream as a video',
    'video',
    [
      thumb,
      file('hls', 'application/vnd.apple.mpegurl'),
      file('hls-360', 'application/vnd.apple.mpegurl'),
      video('hls-360-media', 640),
    ],
    { image: 'thumb' },
  ],
  ['no audio of its own beside a video', 'video', [video('mp4', 640), file('audio', 'audio/mp4')], { video: 'mp4' }],
  [
    'an audio file with cover and waveform',
    'audio',
    [waveform, image('cover', 640, 640), file('aac', 'audio/mp4')],
    { image: 'cover', strip: 'waveform', audio: 'aac' },
  ],
  [
    'the audio that plays everywhere',
    'audio',
    [file('opus', 'audio/ogg'), file('mp3', 'audio/mpeg')],
    { audio: 'mp3' },
  ],
  [
    'the first page, and where the text is',
    'document',
    [image('page-2', 1280, 905), image('page-1', 905, 1280), file('text', 'text/plain')],
    { image: 'page-1', text: 'text' },
  ],
  ['an icon where there is nothing else', 'document', [image('icon', 256, 256)], { image: 'icon' }],
  ['nothing while nothing is ready', 'video', [testVariant({ name: 'poster', status: 'pending', url: null })], {}],
])('shows %s', (_, kind, variants, expected) => {
  const shown = Object.entries(displayVariantsOf(testAsset({ kind, variants })))
  expect(Object.fromEntries(shown.flatMap(([part, variant]) => (variant ? [[part, variant.name]] : [])))).toEqual(
    expected,
  )
})
