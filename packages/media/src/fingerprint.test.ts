import { expect, it } from 'vitest'
import { fingerprint } from './fingerprint.ts'
import { assertSafeVersions } from './versions.ts'

const engines = { sharp: '0.35.5', libvips: '8.18.0', ffmpeg: '5.1.8' }
const one = { fingerprintInput: '[1]', type: 'picture' } as const
const newer = { ...engines, ffmpeg: '5.1.9' }

it('a fingerprint is stable, and differs with the source, the parameters and the engines', () => {
  const first = fingerprint('aa', 'image', one, engines)
  expect(first).toMatch(/^[0-9a-f]{64}$/)
  expect(fingerprint('aa', 'image', one, { ...engines })).toBe(first)
  expect(fingerprint('ab', 'image', one, engines)).not.toBe(first)
  expect(fingerprint('aa', 'image', { ...one, fingerprintInput: '[2]' }, engines)).not.toBe(first)
  expect(fingerprint('aa', 'image', one, { ...engines, libvips: '8.19.0' })).not.toBe(first)
})

it('the version of ffmpeg counts for what ffmpeg makes only', () => {
  expect(fingerprint('aa', 'image', one, newer)).toBe(fingerprint('aa', 'image', one, engines))
  expect(fingerprint('aa', 'video', one, newer)).not.toBe(fingerprint('aa', 'video', one, engines))
  const animation = { ...one, type: 'animation' } as const
  expect(fingerprint('aa', 'image', animation, newer)).not.toBe(fingerprint('aa', 'image', animation, engines))
})

it.each(['0.35.3', '0.34.9', '0.0.1'])('refuses sharp %s, which has known holes', version => {
  expect(() => assertSafeVersions({ sharp: version })).toThrow(/security/)
})

it.each(['0.35.4', '0.36.0', '1.0.0', '0.35.10-rc.1'])('takes sharp %s', version => {
  expect(() => assertSafeVersions({ sharp: version })).not.toThrow()
})
