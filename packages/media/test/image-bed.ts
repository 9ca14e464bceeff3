import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { PresetDefinition } from '@darkroom/contracts'
import sharp from 'sharp'
import { configureEngine } from '../src/image/engine.ts'
import { type Facts, type Limits, type MediaPool, plan, type SourceWarning } from '../src/index.ts'
import { probe, render } from '../src/sandbox/methods.ts'
import { variantFileName } from '../src/sandbox/protocol.ts'
import type { Warn } from '../src/source-warning.ts'
import { markedLimits, type Processed, processFile, tempDir } from './pool.ts'

export const stillImage = (variant: object, name = 'v'): object => ({ name, format: 'png', ...variant })

export const imagePreset = (...variants: object[]): PresetDefinition => PresetDefinition.parse({ image: { variants } })

/** Writes bytes to a file of their own. */
export async function fileOf(bytes: Buffer | string): Promise<string> {
  const file = path.join(await tempDir(), 'file')
  await writeFile(file, bytes)
  return file
}

/** Processes bytes, as a job does it. */
export async function processBytes(
  pool: MediaPool,
  bytes: Buffer | string,
  declaredType: string,
  ...variants: object[]
): Promise<Processed> {
  return await processFile(pool, { file: await fileOf(bytes), declaredType, definition: imagePreset(...variants) })
}

export interface ProcessedHere {
  facts: Facts
  /** By the name of the variant. */
  files: Record<string, string>
  /** One of a code. */
  warnings: SourceWarning[]
}

/** Processes an image in this process: faster, for tests of the output and not of the sandbox. */
export async function processHere(
  bytes: Buffer | string,
  declaredType: string,
  variants: object[] = [stillImage({})],
  limits: Limits = markedLimits({ acceptsSvg: true }),
  onWarning: Warn = () => undefined,
): Promise<ProcessedHere> {
  configureEngine(2, limits)
  const [file, outDir] = [await fileOf(bytes), await tempDir()]
  const warnings: SourceWarning[] = []
  const warn: Warn = warning => {
    onWarning(warning)
    if (!warnings.some(({ code }) => code === warning.code)) warnings.push(warning)
  }
  const deps = { limits, tools: null, timings: {}, warn }
  const facts = await probe({ file, declaredType }, deps)
  const planned = plan(facts, imagePreset(...variants)).variants
  const files: Record<string, string> = {}
  await render(
    { file, facts, variants: planned, outDir },
    {
      ...deps,
      announce: message => {
        const variant = planned.find(({ name }) => name === message.name)
        if (variant && !('fault' in message)) files[message.name] = path.join(outDir, variantFileName(variant))
      },
      progress: () => undefined,
    },
  )
  return { facts, files, warnings }
}

export interface Pixels {
  width: number
  height: number
  channels: number
  at(x: number, y: number): number[]
}

export async function pixelsOf(file: string | undefined): Promise<Pixels> {
  const { data, info } = await sharp(file, { ignoreIcc: true }).raw().toBuffer({ resolveWithObject: true })
  const { width, height, channels } = info
  const at = (x: number, y: number) => [...data.subarray((y * width + x) * channels, (y * width + x + 1) * channels)]
  return { width, height, channels, at }
}

/** Makes an image of four fields: red, green above blue, yellow. */
export async function fourColors(width: number, height: number): Promise<Buffer> {
  const data = Buffer.alloc(width * height * 3)
  for (let at = 0; at < width * height; at++) {
    const field = (Math.floor(at / width) < height / 2 ? 0 : 2) + (at % width < width / 2 ? 0 : 1)
    data.set(FIELDS[field] ?? [], at * 3)
  }
  return await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
}

export const [RED, GREEN, BLUE, YELLOW] = [
  [255, 0, 0],
  [0, 255, 0],
  [0, 0, 255],
  [255, 255, 0],
] as const
const FIELDS = [RED, GREEN, BLUE, YELLOW]

/** Makes an image of noise that no encoder compresses well. */
export const noise = (width: number, height: number): Promise<Buffer> =>
  sharp({
    create: { width, height, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 60 } },
  })
    .png()
    .toBuffer()
