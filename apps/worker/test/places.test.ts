import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PresetDefinition } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { variantsOfAsset } from '@darkroom/db/assets'
import { sql } from 'drizzle-orm'
import { beforeAll, expect, it } from 'vitest'
import { assetOf, eventually, SMALL_PNG, untilStatus, uploaded, useBed } from './harness.ts'

/** x264 takes far longer for it than anything else here takes. */
const SLOW = {
  image: { variants: [{ name: 'thumb', width: 16, format: 'webp' }] },
  video: {
    variants: [
      { name: 'poster', type: 'poster', width: 64, format: 'webp', required: true },
      { name: 'preview', type: 'preview', width: 64, format: 'webp', durationSec: 1 },
      { name: 'mp4', type: 'rendition', resolution: 1080, crf: 18, effort: 9, required: true },
    ],
  },
}

const bed = useBed()
let presetId: string
beforeAll(async () => {
  presetId = newId()
  const definition = JSON.stringify(PresetDefinition.parse(SLOW))
  await bed.database.db.execute(
    sql`INSERT INTO presets (id, project_id, name, version, definition) VALUES (${presetId}, ${bed.projectId}, 'slow', 1, ${definition}::jsonb)`,
  )
  // One place, and no time for what is under way when the test is over.
  await bed.startWorker({ WORKER_CONCURRENCY: '1', WORKER_QUEUES: 'image,video,system', WORKER_GRACE_SEC: '0' })
})

function makeVideo(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-video-'))
  const file = join(folder, 'video.mp4')
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=640x360:rate=30:duration=20']
  const encoder = ['-c:v', 'libx264', '-preset', 'ultrafast', '-crf', '40', '-pix_fmt', 'yuv420p']
  execFileSync('ffmpeg', ['-v', 'error', ...source, ...encoder, file])
  const bytes = readFileSync(file)
  rmSync(folder, { recursive: true })
  return bytes
}

/** Names of the variants that stand. */
const standing = async (assetId: string) =>
  (await variantsOfAsset(bed.database.db, assetId)).filter(({ status }) => status === 'ready').map(({ name }) => name)

it('a photo, and the poster and preview of a video, are there before the video that came first has ended', async () => {
  const video = makeVideo()
  const upload = async () =>
    (await uploaded(bed, video, { contentType: 'video/mp4', presetId, queue: 'video' })).asset.id
  const first = await upload()
  await eventually(() => standing(first)).toEqual(['poster', 'preview'])
  const second = await upload()
  await eventually(() => standing(second)).toEqual(['poster', 'preview'])
  expect((await assetOf(bed, first)).status).toBe('processing')
  const photo = await uploaded(bed, SMALL_PNG, { contentType: 'image/png', presetId })
  await untilStatus(bed, photo.asset.id, 'ready')
  const statuses = await Promise.all([first, second].map(async id => (await assetOf(bed, id)).status))
  expect(statuses).toEqual(['processing', 'processing'])
})
