import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeFolder } from '@darkroom/core/durable-files'
import { type DiskRecording, LOSSES, recordDisk, requireTool, seeded, someLoss } from '@darkroom/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { persistedSecret } from '../src/start/persisted-secret.ts'

const SECRET_PROCESS = fileURLToPath(new URL('./secret-process.ts', import.meta.url))

describe.skipIf(!requireTool('strace', 'strace'))('the secret of a data folder', () => {
  let folder: string
  let recording: DiskRecording
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'darkroom-secret-'))
    recording = recordDisk({ script: SECRET_PROCESS, folder })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('is the same after a power loss, whenever it comes once the secret was used, and never an empty one', async () => {
    const { disk, promises, moments } = recording
    const secrets = [...promises.keys()].map(promise => promise.split('/')[1])
    expect(secrets).toEqual([secrets[0], secrets[0]])
    const givenOutAt = Math.min(...promises.values())
    const left = join(folder, 'left')
    for (const at of [...moments, ...promises.values()]) {
      for (const loss of [...LOSSES, someLoss(seeded(at)), someLoss(seeded(-at))]) {
        rmSync(left, { recursive: true, force: true })
        disk.restore(left, at, loss)
        const dataDir = join(left, 'disk', '.darkroom')
        await makeFolder(dataDir)
        const secret = await persistedSecret(dataDir)
        if (at < givenOutAt) expect(secret).toHaveLength(43)
        else expect(secret, `after line ${at}, without ${loss.name}`).toBe(secrets[0])
      }
    }
  })
})
