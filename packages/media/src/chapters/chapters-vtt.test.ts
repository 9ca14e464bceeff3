import { expect, it } from 'vitest'
import { chaptersVtt } from './chapters-vtt.ts'

it('writes a cue for each chapter, with nothing in a title that WebVTT would read', () => {
  const chapters = [
    { startMs: 0, endMs: 1500, title: 'Ann & <b>Bob</b> --> here' },
    { startMs: 1500, endMs: 14_400_000, title: '第2章' },
  ]
  expect(chaptersVtt(chapters)).toBe(
    'WEBVTT\n\n' +
      '00:00:00.000 --> 00:00:01.500\nAnn &amp; &lt;b&gt;Bob&lt;/b&gt; --&gt; here\n\n' +
      '00:00:01.500 --> 04:00:00.000\n第2章\n',
  )
})
