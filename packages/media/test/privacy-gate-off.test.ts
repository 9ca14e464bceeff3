import { readFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { beforeEach, expect, it, vi } from 'vitest'
import { OUTPUT_CHECKS } from '../src/privacy/check-output.ts'
import { tempDir } from './pool.ts'
import { ffmpeg, verdict } from './privacy-bed.ts'

// Test files share their modules: only for the time of a test has the gate no checks.
beforeEach(() => {
  for (const contentType of Object.keys(OUTPUT_CHECKS) as (keyof typeof OUTPUT_CHECKS)[])
    vi.spyOn(OUTPUT_CHECKS, contentType).mockResolvedValue([])
})

const LOCATED = ['-metadata', 'location=+48.1370+011.5754/']

async function made(name: string, ...args: string[]): Promise<Buffer> {
  const file = path.join(await tempDir(), name)
  await ffmpeg('-f', 'lavfi', '-i', ...args, ...LOCATED, file)
  return readFile(file)
}

const testImage = (): Promise<Buffer> =>
  sharp({ create: { width: 16, height: 16, channels: 3, background: 'red' } })
    .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 8/1 0/1' } })
    .jpeg()
    .toBuffer()

/** Each of them is refused where the gate is: privacy-image, privacy-video and the checks of texts. */
it.each([
  ['an image with a position', { contentType: 'image/jpeg' }, 'Exif', testImage],
  [
    'a video with a position',
    { contentType: 'video/mp4', type: 'rendition' },
    'loci',
    () => made('a.mp4', 'testsrc2=s=32x32:d=1:r=5', '-pix_fmt', 'yuv420p'),
  ],
  [
    'an audio file with a position',
    { contentType: 'audio/mp4', type: 'sound' },
    'loci',
    () => made('a.m4a', 'sine=d=1'),
  ],
  [
    'captions with a note',
    { contentType: 'text/vtt', type: 'storyboard' },
    'IMG_0001',
    async (): Promise<string> => 'WEBVTT\n\nNOTE from IMG_0001.MOV\n',
  ],
] as const)('nothing but the gate keeps %s from being announced', async (_, look, secret, make) => {
  const bytes = await make()
  expect(bytes.includes(secret)).toBe(true)
  expect(await verdict(look, bytes)).toBe('announced')
})
