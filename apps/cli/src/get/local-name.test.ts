import { describe, expect, it } from 'vitest'
import { localName } from './local-name.ts'

const id = '019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6001'

describe('the name of a downloaded file', () => {
  it.each([
    ['beach.jpg', 'beach.jpg'],
    ['../../.ssh/authorized_keys', 'authorized_keys'],
    ['..\\..\\evil.exe', 'evil.exe'],
    ['.bashrc', 'bashrc'],
    ['..', id],
    ['', id],
    ['\u001b[2Jgreen\u202egpj.exe', '_[2Jgreen_gpj.exe'],
    ['--output=x.sh', 'output=x.sh'],
    ['. -rf', 'rf'],
    ['a\u200eb\u200fc\u061cd.jpg', 'a_b_c_d.jpg'],
    ['sea-view.jpg', 'sea-view.jpg'],
    ['schön 🏖.jpg', 'schön 🏖.jpg'],
    [`${'a'.repeat(900)}.jpg`, `${'a'.repeat(60)}.jpg`],
  ])('of %j is %j', (filename, expected) => {
    expect(localName({ id, filename })).toBe(expected)
  })

  it('of a variant has its name and the extension of its own file', () => {
    const variant = { name: 'thumb', url: 'https://cdn.example/v/ab/thumb.webp?x=1' }
    expect(localName({ id, filename: 'beach.jpg' }, variant)).toBe('beach-thumb.webp')
    expect(localName({ id, filename: 'beach.jpg' }, { ...variant, url: null })).toBe('beach-thumb')
  })
})
