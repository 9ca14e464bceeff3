import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { manyPages } from '@darkroom/testing/media-files'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { type Limits, MediaConfig, toLimits } from '../src/index.ts'
import { LIMIT_VARIABLES } from '../src/limits.ts'
import { probe } from '../src/sandbox/methods.ts'
import { tempDir } from './pool.ts'
import { ffmpeg, TOOLS } from './privacy-bed.ts'

const DEFAULTS: Limits = { ...toLimits(MediaConfig.parse({})), acceptsSvg: true }

interface Case {
  limit: keyof Limits
  /** What the file has just too much for. */
  tooLow: number | boolean
  enough: number | boolean
  name: string
  type: string
  code: string
}

const MAKERS: Record<string, (file: string) => Promise<unknown>> = {
  'a.png': file => plain(100, 10, 'red').toFile(file),
  'a.gif': async file => {
    const pages = await Promise.all(['red', 'green', 'blue'].map(color => plain(10, 10, color).png().toBuffer()))
    return sharp(pages, { join: { animated: true } }).toFile(file)
  },
  'a.svg': file => writeFile(file, '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),
  'a.pdf': file => writeFile(file, manyPages(3)),
  'a.mp3': file => ffmpeg('-f', 'lavfi', '-i', 'sine=d=2', file),
  'a.mkv': file => ffmpeg('-f', 'lavfi', '-i', 'sine=d=1', '-map', '0', '-map', '0', '-map', '0', file),
}
const plain = (width: number, height: number, background: string) =>
  sharp({ create: { width, height, channels: 3, background } })

const CASES: Case[] = [
  { limit: 'maxPixels', tooLow: 999, enough: 1000, name: 'a.png', type: 'image/png', code: 'TOO_MANY_PIXELS' },
  { limit: 'maxDimension', tooLow: 99, enough: 100, name: 'a.png', type: 'image/png', code: 'TOO_MANY_PIXELS' },
  { limit: 'maxPixels', tooLow: 299, enough: 300, name: 'a.gif', type: 'image/gif', code: 'TOO_MANY_PIXELS' },
  { limit: 'maxFrames', tooLow: 2, enough: 3, name: 'a.gif', type: 'image/gif', code: 'TOO_MANY_FRAMES' },
  { limit: 'acceptsSvg', tooLow: false, enough: true, name: 'a.svg', type: 'image/svg+xml', code: 'UNSUPPORTED_TYPE' },
  { limit: 'maxPages', tooLow: 2, enough: 3, name: 'a.pdf', type: 'application/pdf', code: 'TOO_MANY_PAGES' },
  { limit: 'maxDurationMs', tooLow: 1900, enough: 2200, name: 'a.mp3', type: 'audio/mpeg', code: 'TOO_LONG' },
  { limit: 'maxStreams', tooLow: 2, enough: 3, name: 'a.mkv', type: 'video/matroska', code: 'TOO_MANY_STREAMS' },
]

it.each(CASES)('$limit of $tooLow refuses $name with $code, $enough takes it', async given => {
  const file = path.join(await tempDir(), given.name)
  await MAKERS[given.name]?.(file)
  const probed = (value: number | boolean) =>
    probe(
      { file, declaredType: given.type },
      { limits: { ...DEFAULTS, [given.limit]: value }, tools: TOOLS, timings: {}, warn: () => undefined },
    )
  await expect(probed(given.tooLow)).rejects.toMatchObject({
    code: given.code,
    message: expect.not.stringContaining(LIMIT_VARIABLES[given.limit]),
    cause: expect.stringContaining(LIMIT_VARIABLES[given.limit]),
  })
  expect(await probed(given.enough)).toMatchObject({ contentType: given.type })
})
