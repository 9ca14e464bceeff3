import { expect, test } from 'vitest'
import { parseBytes } from './parse-bytes.ts'

test.each([
  ['1000', 1000],
  [' 50 GB ', 50_000_000_000],
  ['1.5mb', 1_500_000],
  ['2 kB', 2000],
  ['1 TB', 1_000_000_000_000],
  ['0', null],
  ['-5 GB', null],
  ['50 apples', null],
  ['', null],
])('%s is %s bytes', (text, bytes) => expect(parseBytes(text)).toBe(bytes))
