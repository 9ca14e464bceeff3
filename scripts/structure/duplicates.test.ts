import { expect, it } from 'vitest'
import { duplicateLines } from './duplicates.ts'

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `call(${from + index})`).join('\n')

it('counts the lines of both places, whatever the indentation', () => {
  expect(duplicateLines([lines(1, 8), `other()\n  ${lines(1, 8).replaceAll('\n', '\n  ')}\nmore()`])).toBe(16)
})

it('counts nothing for five lines, and nothing for imports, comments and brackets', () => {
  expect(duplicateLines([lines(1, 5), lines(1, 5)])).toBe(0)
  const head = ["import { a } from 'a'", 'import {', '  b,', "} from 'b'", '// one', '/** two */', '})', '', '}'].join(
    '\n',
  )
  expect(duplicateLines([`${head}\n${lines(1, 5)}`, `${head}\n${lines(1, 5)}`])).toBe(0)
})
