import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { REPO_ROOT } from './harness/darkroom.ts'

const DIST = join(REPO_ROOT, 'apps/web/dist')
/** Of script that the first page loads before it shows anything, compressed with gzip; most browsers take Brotli, which is smaller. */
const MAX_FIRST_LOAD_BYTES = 200_000

/** Returns the scripts that index.html names: the entry, and with it all that it imports. */
const firstScripts = (): string[] => {
  const html = readFileSync(join(DIST, 'index.html'), 'utf8')
  return [...new Set([...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, path = '']) => path))]
}

describe.skipIf(!existsSync(DIST))('the build of the page', () => {
  it('loads less than 200 kB of compressed script before it shows the first page', () => {
    const bytes = firstScripts().reduce((sum, path) => sum + statSync(join(DIST, `${path}.gz`)).size, 0)
    expect(bytes).toBeGreaterThan(50_000)
    expect(bytes).toBeLessThan(MAX_FIRST_LOAD_BYTES)
  })
})
