import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readSourceFile } from './read-file.ts'

const SOURCE = `import { readFile } from 'node:fs'
import type { Job } from '@darkroom/contracts'
export * from './other.ts'
export { one, two } from './numbers.ts'

export function read(job: Job): void {
  readFile(job.id, () => {
    console.log(job)
  })
}

const short = () => 1
export default short
export const Status = 'ready'
export type Status = typeof Status
`

it('counts lines, functions, imports and exported names', () => {
  const folder = mkdtempSync(join(tmpdir(), 'structure-'))
  try {
    const path = join(folder, 'source.ts')
    writeFileSync(path, SOURCE)
    expect(readSourceFile(path)).toEqual({
      lines: 15,
      functionLines: [5, 3, 1],
      imports: ['node:fs', '@darkroom/contracts', './other.ts', './numbers.ts', './numbers.ts'],
      exports: 5,
      passesOn: ['./other.ts'],
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
