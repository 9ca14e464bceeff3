import { readFileSync } from 'node:fs'
import { join, matchesGlob } from 'node:path'
import { expect, it } from 'vitest'
import { examplesOf, filesOf } from './readme-examples.ts'

it('makes one module of all blocks of TypeScript, on the lines where they stand', () => {
  const page = ['# A', '```sh', 'ls', '```', '```ts', 'const a = 1', '```', 'Then:', '```ts', 'a.b()', '```', '']
  expect(examplesOf(page.join('\n'))).toBe(['', '', '', '', '', 'const a = 1', '', '', '', 'a.b()', '', ''].join('\n'))
})

it('says that a page has none', () => {
  expect(examplesOf('# A\n\n```sh\nls\n```\n')).toBeNull()
})

it('keeps the files of a guide apart, on the lines where they stand', () => {
  const page = [
    '# A',
    '```ts file=a.ts',
    'const a = 1',
    '```',
    '```sh',
    'ls',
    '```',
    '```tsx file=b.tsx',
    '<a />',
    '```',
    '',
  ]
  expect([...filesOf(page.join('\n'))]).toEqual([
    ['a.ts', '\n\nconst a = 1'],
    ['b.tsx', `${'\n'.repeat(8)}<a />`],
  ])
})

it('leaves what it makes to the compiler, which excludes no folder above it', () => {
  const { exclude }: { exclude: string[] } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../tsconfig.json'), 'utf8'),
  )
  const above = ['node_modules', 'node_modules/.cache', 'node_modules/.cache/readme-examples']
  expect(above.filter(folder => exclude.some(glob => matchesGlob(folder, glob)))).toEqual([])
})
