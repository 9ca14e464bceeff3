import { execFileSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { HEAP_FLAGS } from './tune-heap.ts'

it('names flags that V8 knows, for it says nothing of those that it does not', () => {
  const known = execFileSync(process.execPath, ['--v8-options'], { encoding: 'utf8' })
  for (const flag of HEAP_FLAGS) expect(known).toContain(`  --${flag.replace(/^--(no-)?/, '').replace(/=.*/, '')} (`)
})
