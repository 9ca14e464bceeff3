import { expect, it } from 'vitest'
import type { AudioFacts, ImageFacts } from './facts.ts'
import { publicFacts } from './public-facts.ts'

const photo: ImageFacts = {
  kind: 'image',
  contentType: 'image/jpeg',
  width: 40,
  height: 30,
  orientation: 6,
  animated: false,
  frameCount: 1,
  pageCount: null,
  durationMs: null,
  hasAlpha: false,
  colorSpace: 'srgb',
  iccProfile: null,
  bitDepth: 8,
  details: { camera: { make: 'Acme' } },
}

it('shows what was found, without what is not known and what has a field of its own', () => {
  expect(publicFacts(photo)).toEqual({
    orientation: 6,
    frameCount: 1,
    hasAlpha: false,
    colorSpace: 'srgb',
    bitDepth: 8,
    camera: { make: 'Acme' },
  })
})

it('shows the profile where there is one', () => {
  expect(publicFacts({ ...photo, iccProfile: 'Display P3' })).toMatchObject({ iccProfile: 'Display P3' })
})

it('shows chapters where there are some', () => {
  const audio = { kind: 'audio', channels: 2, sampleRate: 48_000, chapters: [], details: {} } as unknown as AudioFacts
  const chapters = [{ startMs: 0, endMs: 1000, title: 'Chapter 1' }]
  expect(publicFacts(audio)).toEqual({ channels: 2, sampleRate: 48_000 })
  expect(publicFacts({ ...audio, chapters })).toMatchObject({ chapters })
})
