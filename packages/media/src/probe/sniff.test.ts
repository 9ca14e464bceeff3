import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import type { SourceWarning } from '../source-warning.ts'
import { sniffStep } from './sniff.ts'

// What the sniffer knows changes with its versions.
vi.mock('file-type', () => ({ fileTypeFromFile: async () => undefined }))

/** MPEG 1, layer III, 128 kbit/s, 44.1 kHz: frames of 417 bytes. */
const FRAME = Buffer.alloc(417)
FRAME.set([0xff, 0xfb, 0x90, 0])

it.each([
  [0, []],
  [10, [{ code: 'SOURCE_REPAIRED', detail: expect.stringContaining('after 10 bytes') }]],
])('an audio file that begins after %i bytes', async (bytes, expected) => {
  const folder = await mkdtemp(path.join(tmpdir(), 'sniff-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = path.join(folder, 'sound')
  await writeFile(file, Buffer.concat([Buffer.alloc(bytes), ...Array<Buffer>(5).fill(FRAME)]))
  const warnings: SourceWarning[] = []
  const context = { file, declaredType: 'audio/mpeg', warn: (warning: SourceWarning) => warnings.push(warning) }
  expect(await sniffStep.run(context as never)).toEqual({ type: 'audio/mpeg', text: false })
  expect(warnings).toEqual(expected)
})
