import { expect, it } from 'vitest'
import { examplesOf } from './readme-examples.ts'

it('makes one module of all blocks of TypeScript, on the lines where they stand', () => {
  const page = ['# A', '```sh', 'ls', '```', '```ts', 'const a = 1', '```', 'Then:', '```ts', 'a.b()', '```', '']
  expect(examplesOf(page.join('\n'))).toBe(['', '', '', '', '', 'const a = 1', '', '', '', 'a.b()', '', ''].join('\n'))
})

it('says that a page has none', () => {
  expect(examplesOf('# A\n\n```sh\nls\n```\n')).toBeNull()
})
