import type { Variant } from '@darkroom/contracts'
import { expect, it } from 'vitest'
import { qualitiesOf } from './qualities.ts'

const file = (name: string, height: number | null, contentType = 'video/mp4') =>
  ({ name, height, width: height, contentType, status: 'ready', url: `https://cdn.example/${name}` }) as Variant

const VARIANTS = [
  file('preview', 360),
  file('mp4-720', 720),
  file('hls', null, 'application/vnd.apple.mpegurl'),
  file('hls-360', null, 'application/vnd.apple.mpegurl'),
  file('hls-360-media', 360),
  file('hls-720-media', 720),
  file('poster', 720, 'image/webp'),
]

it('offers the playlist where the browser plays it, then one file of each height', () => {
  const names = (canPlay: boolean) =>
    qualitiesOf({ variants: VARIANTS }, 'hls', canPlay).map(({ name, label }) => `${label} ${name}`)
  expect(names(true)).toEqual(['Auto hls', '720p mp4-720', '360p hls-360-media'])
  expect(names(false)).toEqual(['720p mp4-720', '360p hls-360-media'])
  expect(qualitiesOf({ variants: [] }, null, true)).toEqual([])
})
