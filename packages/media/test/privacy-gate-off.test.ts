import sharp from 'sharp'
import { expect, it, vi } from 'vitest'
import { verdict } from './privacy-bed.ts'

vi.mock(import('../src/privacy/check-output.ts'), () => ({ checkOutput: async () => undefined }))

it('nothing but the gate keeps a picture with a position from being announced', async () => {
  const located = sharp({ create: { width: 16, height: 16, channels: 3, background: 'red' } })
    .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '48/1 8/1 0/1' } })
    .jpeg()
  expect(await verdict({ contentType: 'image/jpeg' }, await located.toBuffer())).toBe('announced')
})
