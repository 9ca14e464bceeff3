import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { markedLimits, tempDir, testPool } from './pool.ts'

let codeDir: string
beforeAll(async () => {
  codeDir = await mkdtemp(path.join(tmpdir(), 'compiled-'))
})
afterAll(() => rm(codeDir, { recursive: true, force: true }))

describe('code that is compiled ahead', () => {
  it('is there before the first process starts', async () => {
    const pool = await testPool(markedLimits(), { codeDir })
    await pool.close()
    expect((await readdir(codeDir, { recursive: true })).length).toBeGreaterThan(50)
  })

  it('is done without where it cannot be written', async () => {
    const pool = await testPool(markedLimits(), { codeDir: path.join(codeDir, 'nowhere') })
    try {
      const workDir = await tempDir()
      const file = path.join(workDir, 'source')
      await sharp({ create: { width: 8, height: 8, channels: 3, background: '#888' } })
        .png()
        .toFile(file)
      const job = { projectId: 'p', timeoutMs: 10_000, signal: new AbortController().signal }
      const facts = await pool.withChild(job, child => child.probe({ file, declaredType: 'image/png' }))
      expect(facts).toMatchObject({ kind: 'image', width: 8 })
    } finally {
      await pool.close()
    }
  })
})
