import path from 'node:path'
import { BUILT_IN_PRESETS } from '@darkroom/contracts'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { markedLimits, processFile, tempDir, usePool } from './pool.ts'

const MIB = 1024 ** 2
const SIZES = [
  [4000, 3000],
  [3000, 2000],
  [3600, 2400],
  [3264, 2448],
] as const
const ROUNDS = 3
/** Measured: 202 MiB with one heap for all threads, 296 with one for each. */
const MAX_MIB = 250

const DEFAULT = BUILT_IN_PRESETS.find(({ name }) => name === 'default')
const pool = usePool(markedLimits())

it('a media process that has made a dozen photos holds little more memory than after the first', async () => {
  const dir = await tempDir()
  const photos = SIZES.map(([width, height]) => ({ width, height, file: path.join(dir, `${width}.jpg`) }))
  for (const { width, height, file } of photos) {
    await sharp({ create: { width, height, channels: 3, background: '#837' } }).toFile(file)
  }
  if (!DEFAULT) throw new Error('there is no preset "default"')
  const { definition } = DEFAULT
  let peakBytes = 0
  for (const { file } of Array.from({ length: ROUNDS }, () => photos).flat()) {
    peakBytes = (await processFile(pool, { file, declaredType: 'image/jpeg', definition })).peakRssBytes
  }
  expect(peakBytes / MIB).toBeLessThan(MAX_MIB)
})
