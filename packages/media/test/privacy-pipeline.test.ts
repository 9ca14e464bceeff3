import { readFileSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { BUILT_IN_PRESETS, IMAGE_FORMAT_NAMES, PresetDefinition } from '@darkroom/contracts'
import readExif from 'exif-reader'
import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { CORPUS, markedLimits, noCorpus, processFile, tempDir, usePool } from './pool.ts'
import { ffmpeg, TOOLS } from './privacy-bed.ts'

const CANARY = 'canary-4711'
const CANARIES = [CANARY, 'Exif', 'GPS', 'xmpmeta', '+48.1370', 'com.apple.quicktime']
const presetOf = (name: string) => {
  const preset = BUILT_IN_PRESETS.filter(preset => preset.name === name).at(-1)
  if (!preset) throw new Error(`there is no preset ${name}`)
  return preset.definition
}

const inFile = (file: string) => {
  const bytes = readFileSync(file)
  return CANARIES.filter(canary => bytes.includes(canary))
}

describe('what goes through the pipeline', () => {
  const pool = usePool(markedLimits(), { tools: TOOLS })

  async function expectClean(file: string, declaredType: string, definition: PresetDefinition) {
    const { facts, variants, reports } = await processFile(pool, { file, declaredType, definition })
    expect(reports.filter(report => 'error' in report)).toEqual([])
    expect(variants.length).toBeGreaterThan(0)
    for (const variant of variants) expect({ [variant.name]: inFile(variant.file) }).toEqual({ [variant.name]: [] })
    expect(JSON.stringify(facts)).not.toMatch(/gps|latitude|longitude|serial|location|48\.13/i)
    return { facts, variants }
  }

  it.skipIf(noCorpus)('leaves the position of a photo behind', async () => {
    const file = path.join(CORPUS, 'jpeg-gps-exif.jpg')
    expect((await sharp(file).metadata()).exif?.includes('GPS') || inFile(file).includes('Exif')).toBe(true)
    await expectClean(file, 'image/jpeg', presetOf('default'))
  })

  it('leaves everything but the image behind, in every format', async () => {
    const file = path.join(await tempDir(), 'source')
    const image = sharp({ create: { width: 320, height: 240, channels: 3, background: 'teal' } })
      .withExif({ IFD0: { Artist: CANARY, Make: CANARY }, IFD2: { BodySerialNumber: CANARY } })
      .withXmp(`<x:xmpmeta xmlns:x="adobe:ns:meta/">${CANARY}</x:xmpmeta>`)
      .jpeg()
    await writeFile(file, await image.toBuffer())
    expect(inFile(file)).toContain(CANARY)
    const variants = IMAGE_FORMAT_NAMES.map(format => ({ name: format, width: 160, format }))
    await expectClean(file, 'image/jpeg', PresetDefinition.parse({ image: { variants } }))
  })

  it('keeps author and copyright where the preset asks for them', async () => {
    const file = path.join(await tempDir(), 'source')
    const image = sharp({ create: { width: 320, height: 240, channels: 3, background: 'teal' } })
    // libvips takes the last brackets of a text for a remark of its own.
    const IFD0 = { Artist: 'Ann (Studio) (x)', Copyright: '(c) Ann (all rights) (x)', Model: CANARY }
    await writeFile(file, await image.withExif({ IFD0 }).jpeg().toBuffer())
    const variants = ['webp', 'jpeg', 'png', 'avif'].map(format => ({
      name: format,
      width: 160,
      format,
      keepCopyright: true,
    }))
    const definition = PresetDefinition.parse({ image: { variants } })
    const { variants: made } = await processFile(pool, { file, declaredType: 'image/jpeg', definition })
    expect(made.map(({ name }) => name).toSorted()).toEqual(['avif', 'jpeg', 'png', 'webp'])
    for (const variant of made) {
      const { exif } = await sharp(variant.file).metadata()
      expect(exif && readExif(exif).Image).toMatchObject({ Artist: 'Ann (Studio)', Copyright: '(c) Ann (all rights)' })
      expect(inFile(variant.file)).not.toContain(CANARY)
    }
  })

  it('leaves position, device and time of a video behind', async () => {
    const file = path.join(await tempDir(), 'source.mov')
    const inputs = ['testsrc2=s=320x240:d=2:r=10', 'sine=d=2'].flatMap(input => ['-f', 'lavfi', '-i', input])
    const tags = [
      ...['com.apple.quicktime.location.ISO6709=+48.1370+011.5754/', `com.apple.quicktime.make=${CANARY}`],
      ...[`title=${CANARY}`, 'creation_time=2026-11-21T10:00:00Z'],
    ].flatMap(tag => ['-metadata', tag])
    const codecs = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-movflags', 'use_metadata_tags']
    await ffmpeg(...inputs, ...codecs, ...tags, '-metadata:s', `handler_name=${CANARY}`, file)
    expect(inFile(file)).toEqual(expect.arrayContaining([CANARY, '+48.1370']))
    await expectClean(file, 'video/quicktime', presetOf('video-on-demand'))
  })

  it('leaves everything but the owner’s own words of an audio file behind', async () => {
    const file = path.join(await tempDir(), 'source.m4a')
    const tags = ['com.apple.quicktime.location.ISO6709=+48.1370+011.5754/', `comment=${CANARY}`]
    const args = ['-f', 'lavfi', '-i', 'sine=d=2', '-c:a', 'aac', '-movflags', 'use_metadata_tags']
    await ffmpeg(...args, ...tags.flatMap(tag => ['-metadata', tag]), file)
    expect(await readFile(file).then(bytes => bytes.includes(CANARY))).toBe(true)
    await expectClean(file, 'audio/mp4', presetOf('podcast'))
  })
})
