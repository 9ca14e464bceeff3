import { expect, it } from 'vitest'
import { fingerprint } from './fingerprint.ts'
import { assertSafeVersions } from './versions.ts'

it('a fingerprint is stable, and differs with the source, the parameters and the version of ffmpeg', () => {
  const one = fingerprint('aa', { fingerprintInput: '[1]' })
  expect(one).toMatch(/^[0-9a-f]{64}$/)
  expect(fingerprint('aa', { fingerprintInput: '[1]' })).toBe(one)
  expect(fingerprint('ab', { fingerprintInput: '[1]' })).not.toBe(one)
  expect(fingerprint('aa', { fingerprintInput: '[2]' })).not.toBe(one)
  expect(fingerprint('aa', { fingerprintInput: '[1]' }, '5.1.9')).not.toBe(one)
})

it.each(['0.35.3', '0.34.9', '0.0.1'])('refuses sharp %s, which has known holes', version => {
  expect(() => assertSafeVersions({ sharp: version })).toThrow(/security/)
})

it.each(['0.35.4', '0.36.0', '1.0.0', '0.35.10-rc.1'])('takes sharp %s', version => {
  expect(() => assertSafeVersions({ sharp: version })).not.toThrow()
})
