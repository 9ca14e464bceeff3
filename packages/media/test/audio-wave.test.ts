import { readFile } from 'node:fs/promises'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { make, renderFile } from './audio-bed.ts'

/** Silence, then half, then full, one second each. */
const STEPS = 'aevalsrc=sin(441*2*PI*t)*floor(t)/2:d=3:s=44100'

describe('the waveform', () => {
  it('is the highest and lowest sample of each stretch, in the JSON of audiowaveform', async () => {
    const file = await make('in.wav', [STEPS])
    const { files } = await renderFile(file, [{ name: 'peaks', type: 'peaks', points: 30 }])
    const { data, ...head } = JSON.parse(await readFile(files.peaks ?? '', 'utf8'))
    expect(head).toEqual({ version: 2, channels: 1, sample_rate: 44_100, samples_per_pixel: 4412, bits: 8, length: 30 })
    const middle = (from: number) => data.slice(from * 2, from * 2 + 2)
    expect(middle(5)).toEqual([0, 0])
    expect(middle(15)).toEqual([-64, 64])
    expect(middle(25)).toEqual([-128, 127])
  })

  it.each([
    ['in antiphase', '0.5*sin(440*2*PI*t)|-0.5*sin(440*2*PI*t)'],
    ['on one side alone', '0|0.5*sin(440*2*PI*t)'],
    ['in phase', '0.5*sin(440*2*PI*t)|0.5*sin(440*2*PI*t)'],
  ])('of stereo %s is as high as the louder channel', async (_title, channels) => {
    const file = await make('in.wav', [`aevalsrc=${channels}:d=1:s=44100`])
    const { files } = await renderFile(file, [{ name: 'peaks', type: 'peaks', points: 10 }])
    const { data, samples_per_pixel, length } = JSON.parse(await readFile(files.peaks ?? '', 'utf8'))
    expect([length, samples_per_pixel]).toEqual([10, 4415])
    for (const value of data.slice(0, 18)) expect(Math.abs(Math.abs(value) - 64)).toBeLessThanOrEqual(1)
  })

  it('of one sample has one pair', async () => {
    const file = await make('in.wav', ['aevalsrc=1:d=1:s=44100'], '-af', 'atrim=end_sample=1')
    const { files } = await renderFile(file, [{ name: 'peaks', type: 'peaks' }])
    expect(JSON.parse(await readFile(files.peaks ?? '', 'utf8'))).toMatchObject({ length: 1, data: [127, 127] })
  })

  it('as an image has its size and colours, and the same shape', async () => {
    const look = { type: 'waveform', width: 300, height: 100, color: '#ff0000' }
    const { files } = await renderFile(await make('in.wav', [STEPS]), [
      { ...look, name: 'clear', format: 'png' },
      { ...look, name: 'paper', format: 'webp', background: '#ffffff' },
    ])
    const [clear, paper] = await Promise.all(
      [files.clear, files.paper].map(file => sharp(file).ensureAlpha().raw().toBuffer({ resolveWithObject: true })),
    )
    expect([clear?.info.width, clear?.info.height]).toEqual([300, 100])
    const column = (x: number) => Array.from({ length: 100 }, (_, y) => clear?.data[(y * 300 + x) * 4 + 3] ?? 0)
    const covered = [50, 150, 250].map(x => column(x).reduce((sum, alpha) => sum + alpha, 0) / 255)
    expect(covered.map(Math.round)).toEqual([1, 50, 100])
    const pixel = (x: number, y: number) => [...(paper?.data.subarray((y * 300 + x) * 4, (y * 300 + x) * 4 + 4) ?? [])]
    expect([pixel(50, 10), pixel(250, 50)]).toEqual([
      [255, 255, 255, 255],
      [255, 0, 0, 255],
    ])
  })

  it('is not planned larger than an image of it makes sense', async () => {
    const file = await make('in.wav', ['sine=d=1:r=8000'])
    await expect(renderFile(file, [{ name: 'w', type: 'waveform', width: 16_384 }])).rejects.toThrow('4096')
  })
})
