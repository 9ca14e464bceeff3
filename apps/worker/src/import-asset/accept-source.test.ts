import { describe, expect, it } from 'vitest'
import { acceptSource } from './accept-source.ts'

const RULES = { acceptsSvg: false, unavailable: [], allowedTypes: null, detectTypeByContent: false }

function taken(asked: string | null, header: string, filename: string, rules: Partial<typeof RULES> = {}): string {
  try {
    return acceptSource({ asked, header, filename }, { ...RULES, ...rules })
  } catch (error) {
    expect((error as Error).message).not.toContain('secret')
    return (error as { code: string }).code
  }
}

describe('a source', () => {
  it.each<[string, string | null, string, string, string]>([
    ['is what it says', null, 'image/png', 'a.jpg', 'image/png'],
    ['is what an alias means', null, 'IMAGE/JPG; charset=x', 'a', 'image/jpeg'],
    ['that says nothing is what its name says', null, 'application/octet-stream', 'a.jpg', 'image/jpeg'],
    ['without a type is what its name says', null, '', 'a.MOV', 'video/quicktime'],
    ['of a camera without a type is what its name says', null, '', 'clip.mts', 'video/mp2t'],
    ['is what was asked for', 'image/webp', 'text/html', 'a.jpg', 'image/webp'],
    ['that says nothing, under a name that says nothing, is refused', null, '', 'photo', 'UNSUPPORTED_TYPE'],
    ['that is a page is refused, whatever its name', null, 'text/html', 'a.jpg', 'UNSUPPORTED_TYPE'],
    ['of a type of its own is refused and not quoted', null, 'x-secret/y', 'a.jpg', 'UNSUPPORTED_TYPE'],
    ['that is an SVG is refused', null, 'image/svg+xml', 'a.svg', 'UNSUPPORTED_TYPE'],
  ])('%s', (_, asked, header, filename, expected) => {
    expect(taken(asked, header, filename)).toBe(expected)
  })

  it('that says nothing is what its bytes say, where these decide', () => {
    expect(taken(null, '', 'photo', { detectTypeByContent: true })).toBe('application/octet-stream')
    expect(taken(null, '', 'a.jpg', { detectTypeByContent: true })).toBe('image/jpeg')
    expect(taken(null, 'text/html', 'a.jpg', { detectTypeByContent: true })).toBe('UNSUPPORTED_TYPE')
  })

  it('that is an SVG is taken where they are', () => {
    expect(taken(null, 'image/svg+xml', 'a', { acceptsSvg: true })).toBe('image/svg+xml')
  })
})
