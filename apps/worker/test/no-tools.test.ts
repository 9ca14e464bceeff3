import { livingWorkers } from '@darkroom/db/jobs'
import { beforeAll, expect, it } from 'vitest'
import type { Worker } from '../src/index.ts'
import { PHOTO, untilStatus, uploaded, useBed, variantsInStore } from './harness.ts'

const bed = useBed()
let worker: Worker
beforeAll(async () => {
  // Nowhere to find a program: as on a machine that has no ffmpeg.
  worker = await bed.startWorker({ PATH: '', WORKER_QUEUES: 'image,document,video,audio,system' })
})

const PDF = `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>endobj
trailer<</Root 1 0 R>>
%%EOF
`

it('says what it lacks, and does not serve it', async () => {
  expect(worker.hasFfmpeg).toBe(false)
  const [row] = await livingWorkers(bed.database.db)
  expect(row).toMatchObject({ queues: ['image', 'document', 'system'], lacks: ['video', 'audio'] })
})

it.each([
  ['image/jpeg', PHOTO],
  ['application/pdf', Buffer.from(PDF)],
])('makes all that a preset asks for of %s', async (contentType, bytes) => {
  const { asset } = await uploaded(bed, bytes, { contentType })
  await untilStatus(bed, asset.id, 'ready')
  const made = await variantsInStore(bed, asset.id)
  expect(made.filter(({ variant }) => variant.status === 'ready').length).toBeGreaterThan(1)
  expect(made.filter(({ variant }) => variant.status === 'failed')).toEqual([])
})
