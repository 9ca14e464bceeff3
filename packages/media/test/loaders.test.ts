import path from 'node:path'
import sharp from 'sharp'
import { expect, it } from 'vitest'
import { configureEngine } from '../src/image/engine.ts'
import { tempDir } from './pool.ts'

it('a file in the format of libvips itself, which nobody uploads, is read only by an engine that is not configured', async () => {
  // Another file of tests in this process may have configured it.
  sharp.unblock({ operation: ['VipsForeignLoad'] })
  const file = path.join(await tempDir(), 'picture.v')
  await sharp({ create: { width: 4, height: 4, channels: 3, background: 'red' } }).toFile(file)
  expect(await sharp(file).metadata()).toMatchObject({ format: 'vips', width: 4 })

  configureEngine(1, { acceptsSvg: true })
  await expect(sharp(file).metadata()).rejects.toThrow('unsupported image format')
})
