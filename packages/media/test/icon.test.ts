import { readdirSync } from 'node:fs'
import { basename } from 'node:path'
import { MEDIA_TYPES, type MediaType } from '@darkroom/contracts'
import { meanAbsoluteError } from '@darkroom/testing'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { drawIcon } from '../src/icon/draw.ts'
import { ICON_FILES, iconFile } from '../src/icon/icon-file.ts'
import { iconSvg } from './icon-artwork/icon-svg.ts'

const TYPES = Object.keys(MEDIA_TYPES) as MediaType[]

async function draw(type: MediaType, width = 256, format: 'png' | 'webp' = 'png') {
  const bytes = await drawIcon(type, { width, format })
  const { data, info } = await sharp(bytes).ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  const at = (x: number, y: number) => [...data.subarray((y * info.width + x) * 4, (y * info.width + x) * 4 + 4)]
  return { bytes, data, at, ...info }
}

describe('the rendered files', () => {
  it('are one for each type, and no more', () => {
    expect(readdirSync(ICON_FILES).toSorted()).toEqual(TYPES.map(type => basename(iconFile(type))).toSorted())
  })

  it.each(TYPES)('of %s show what the artwork says; else run "npm run icons"', async type => {
    const artwork = await sharp(Buffer.from(iconSvg(type)), { density: 72 })
      .flatten()
      .png()
      .toBuffer()
    const file = await sharp(iconFile(type)).resize(256, 256).flatten().png().toBuffer()
    expect(await meanAbsoluteError(file, artwork)).toBeLessThan(0.5)
  })
})

describe('the icon of a type', () => {
  it('is another one for every type', async () => {
    const icons = await Promise.all(TYPES.map(async type => (await draw(type, 64)).bytes.toString('base64')))
    expect(new Set(icons).size).toBe(TYPES.length)
  })

  it('is white paper with a coloured label, and transparent around it', async () => {
    const { at } = await draw('application/pdf')
    for (const [x, y] of [
      [0, 0],
      [255, 0],
      [0, 255],
      [255, 255],
      [215, 20],
    ] as const)
      expect(at(x, y)[3]).toBe(0)
    expect(at(60, 60)).toEqual([255, 255, 255, 255])
    expect(at(36, 200)).toEqual([0xdc, 0x26, 0x26, 255])
  })

  it('has white letters in the middle of its label', async () => {
    const { data } = await draw('application/zip')
    const isWhite = (x: number, y: number) => (data[(y * 256 + x) * 4 + 2] ?? 0) > 250
    const columns = Array.from({ length: 180 }, (_, n) => n + 38).filter(x => [190, 200, 210].some(y => isWhite(x, y)))
    const [first = 0, last = 0] = [columns[0], columns.at(-1)]
    expect(columns.length).toBeGreaterThan(20)
    expect(Math.abs((first + last) / 2 - 128)).toBeLessThan(4)
  })

  it.each([
    [16, 'webp'],
    [257, 'png'],
    [1024, 'webp'],
  ] as const)('is drawn crisply in %i px as %s', async (width, format) => {
    const icon = await draw('video/mp4', width, format)
    expect([icon.width, icon.height]).toEqual([width, width])
    const middle = Math.floor(width / 2)
    const edge = Array.from({ length: width }, (_, x) => icon.at(x, Math.floor(width * 0.3))[3] ?? 0)
    // Nothing but the edge itself, and the shadow beside it, is between transparent and opaque.
    expect(edge.filter(alpha => alpha > 140 && alpha < 250).length).toBeLessThanOrEqual(6)
    expect(icon.at(middle, middle)[3]).toBe(255)
  })
})
