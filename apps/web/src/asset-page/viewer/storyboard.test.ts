import { expect, it } from 'vitest'
import { frameAt, parseStoryboard } from './storyboard.ts'

const VTT = `WEBVTT

00:00.000 --> 00:05.000
https://media.example/v/t/storyboard.webp#xywh=0,0,160,90

01:00:05.000 --> 01:00:07.500
https://media.example/v/t/storyboard.webp#xywh=160,0,160,90
`

it('reads times and places of frames', () => {
  const frames = parseStoryboard(VTT)
  expect(frames).toEqual([
    { startSec: 0, endSec: 5, url: 'https://media.example/v/t/storyboard.webp', x: 0, y: 0, width: 160, height: 90 },
    {
      startSec: 3605,
      endSec: 3607.5,
      url: 'https://media.example/v/t/storyboard.webp',
      x: 160,
      y: 0,
      width: 160,
      height: 90,
    },
  ])
  expect([0, 4.9, 5, 9999].map(sec => frameAt(frames, sec)?.x)).toEqual([0, 0, 160, 160])
})

it('has no frames of what is no storyboard', () => {
  expect(parseStoryboard('WEBVTT\n\n00:00.000 --> 00:01.000\nHello')).toEqual([])
  expect(frameAt([], 1)).toBeUndefined()
})
