import { describe, expect, it } from 'vitest'
import { parseAllowList } from './allow-list.ts'
import { assertAllowedUrl } from './allowed-url.ts'

const codeOf = (url: string, ...allow: string[]): string => {
  try {
    assertAllowedUrl(url, parseAllowList(allow))
    return 'allowed'
  } catch (error) {
    return error instanceof Error && 'code' in error ? String(error.code) : String(error)
  }
}

describe('without exceptions', () => {
  it.each(['https://example.com/hook', 'http://example.com', 'https://example.com:80/', 'https://[2606:4700::1]/'])(
    '%s is allowed',
    url => {
      expect(codeOf(url)).toBe('allowed')
    },
  )

  it.each([
    'http://127.0.0.1',
    'http://127.1',
    'http://2130706433',
    'http://0x7f.1',
    'http://0x7f000001',
    'http://0177.0.0.1',
    'http://①②⑦.0.0.1',
    'http://127.0.0.1.',
    'http://0.0.0.0',
    'http://0',
    'http://[::]',
    'http://[::1]',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:7f00:1]',
    'http://[64:ff9b::7f00:1]',
    'http://[2002:7f00:1::]',
    'http://[2001:0:7f00:1::]',
    'http://10.0.0.1',
    'http://169.254.169.254/latest/meta-data',
    'http://100.100.100.200',
    'http://localhost',
    'http://localhost.',
    'http://LOCALHOST',
    'http://a.localhost',
    'http://printer.local',
    'http://metadata.google.internal',
    'http://public.example@127.0.0.1',
    'https://user@example.com',
    'https://user:password@example.com',
    'https://example.com:8080',
    'https://example.com:22',
    'ftp://example.com',
    'file:///etc/passwd',
    'gopher://example.com',
    'example.com',
    '',
  ])('%s is refused', url => {
    expect(codeOf(url)).toBe('URL_NOT_ALLOWED')
  })
})

describe('an exception', () => {
  it.each([
    ['http://localhost:4000/hook', 'localhost:4000', 'allowed'],
    ['http://localhost:4001/hook', 'localhost:4000', 'URL_NOT_ALLOWED'],
    ['http://localhost/hook', 'localhost:80', 'allowed'],
    ['http://127.1:4000', '127.0.0.1:*', 'allowed'],
    ['http://[::1]:4000', '[::1]:*', 'allowed'],
    ['http://10.1.2.3', '10.1.0.0/16', 'allowed'],
    ['http://10.2.2.3', '10.1.0.0/16', 'URL_NOT_ALLOWED'],
    ['http://10.1.2.3:8080', '10.1.0.0/16', 'URL_NOT_ALLOWED'],
    ['http://user@localhost:4000', 'localhost:4000', 'URL_NOT_ALLOWED'],
    ['ftp://localhost:4000', 'localhost:4000', 'URL_NOT_ALLOWED'],
  ])('%s with %s: %s', (url, allow, expected) => {
    expect(codeOf(url, allow)).toBe(expected)
  })

  it.each(['localhost', '10.0.0.0/40', 'http://a:80', 'a b:1'])('that is none is named: %s', entry => {
    expect(() => parseAllowList([entry])).toThrow(`not "${entry}"`)
  })
})
