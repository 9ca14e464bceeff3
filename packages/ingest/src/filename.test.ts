import { describe, expect, it } from 'vitest'
import { cleanFilename } from './filename.ts'

describe('cleanFilename', () => {
  it.each([
    ['photo.jpg', 'photo.jpg'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\shot.png', 'shot.png'],
    ['exe.\u202Egpj', 'exe.gpj'],
    ['a"\r\nSet-Cookie: x=1.png', 'a"Set-Cookie: x=1.png'],
    ['/etc/passwd', 'passwd'],
    ['%2e%2e%2fx.png', '%2e%2e%2fx.png'],
    ['a\0b.png', 'ab.png'],
    ['..', 'file'],
    ['   ', 'file'],
    ['日本語.png', '日本語.png'],
  ])('turns %j into %j', (given, expected) => {
    expect(cleanFilename(given)).toBe(expected)
  })

  it('keeps the extension of a name that is too long', () => {
    const cleaned = cleanFilename(`${'ü'.repeat(400)}.jpeg`)
    expect(Buffer.byteLength(cleaned)).toBeLessThanOrEqual(255)
    expect(cleaned.endsWith('.jpeg')).toBe(true)
  })
})
