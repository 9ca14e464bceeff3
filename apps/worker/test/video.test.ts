import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { PresetDefinition } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import {
  eventually,
  expectStoreAndRowsAgree,
  jobOf,
  sha256,
  untilStatus,
  uploaded,
  useBed,
  variantsInStore,
} from './harness.ts'

const LADDER = {
  video: {
    variants: [
      { name: 'poster', type: 'poster', width: 128, format: 'webp', required: true },
      { name: 'board', type: 'storyboard', width: 64, frames: 4 },
      { name: 'hls', type: 'hls', required: true, ladder: [{ resolution: 120 }, { resolution: 144 }] },
    ],
  },
}

const bed = useBed()
let presetId: string
let video: Buffer

function makeVideo(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-video-'))
  const file = join(folder, 'video.mp4')
  const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=24:duration=3']
  execFileSync('ffmpeg', [
    '-v',
    'error',
    ...source,
    '-c:v',
    'libx264',
    '-preset',
    'ultrafast',
    '-pix_fmt',
    'yuv420p',
    file,
  ])
  const bytes = readFileSync(file)
  rmSync(folder, { recursive: true })
  return bytes
}

beforeAll(async () => {
  await bed.startWorker()
  video = makeVideo()
  presetId = newId()
  const definition = JSON.stringify(PresetDefinition.parse(LADDER))
  await bed.database.db.execute(
    sql`INSERT INTO presets (id, project_id, name, version, definition) VALUES (${presetId}, ${bed.projectId}, 'ladder', 1, ${definition}::jsonb)`,
  )
})

const upload = () => uploaded(bed, video, { contentType: 'video/mp4', presetId })

async function made(assetId: string) {
  const variants = await variantsInStore(bed, assetId)
  return new Map(variants.map(({ variant, object, bytes }) => [variant.name, { variant, object, bytes }]))
}

const fileNamesIn = (text: string): string[] =>
  [...text.matchAll(/[\w-]+\.(?:mp4|m3u8|jpg|webp)/g)].map(([name]) => name)

describe('a video', () => {
  it('becomes ready with playlists that name what the store has', async () => {
    const { asset } = await upload()
    expect(await untilStatus(bed, asset.id, 'ready')).toMatchObject({
      kind: 'video',
      width: 320,
      height: 180,
      durationMs: 3000,
    })
    const files = await made(asset.id)
    expect([...files.values()].map(({ variant }) => variant.status)).not.toContain('failed')
    const text = (name: string) => files.get(name)?.bytes?.toString() ?? ''
    const keyOf = (name: string) => basename(files.get(name)?.object?.key ?? 'none')
    expect(new Set(fileNamesIn(text('hls')))).toEqual(new Set([keyOf('hls-120'), keyOf('hls-144')]))
    expect(new Set(fileNamesIn(text('hls-144')))).toEqual(new Set([keyOf('hls-144-media')]))
    expect(new Set(fileNamesIn(text('board-vtt')))).toEqual(new Set([keyOf('board')]))
    for (const { variant, bytes } of files.values()) {
      expect([variant.name, sha256(bytes ?? Buffer.alloc(0)), bytes?.length]).toEqual([
        variant.name,
        variant.sha256,
        variant.byteSize,
      ])
    }
    await expectStoreAndRowsAgree(bed)
  })

  it('whose retry comes after a step of its ladder keeps that step', async () => {
    // The second media file cannot be stored until the fault is gone: of two faults the first one strikes, and that delays by nothing.
    const media = { operation: 'PutObject', key: /^variants\/.*\.mp4$/ }
    bed.b2.faults.set({ kind: 'delay', ms: 0, match: media, times: 1 })
    bed.b2.faults.set({ kind: 'slow-down', match: media })
    onTestFinished(bed.b2.faults.clear)
    const { asset } = await upload()
    await eventually(async () => (await made(asset.id)).get('hls-120')?.variant.status).toBe('ready')
    await eventually(async () => (await jobOf(bed, asset.id)).lane).toBe('retry')
    const before = await made(asset.id)
    bed.b2.faults.clear()
    await untilStatus(bed, asset.id, 'ready')
    const after = await made(asset.id)
    const kept = (name: string) => before.get(name)?.object?.key === after.get(name)?.object?.key
    expect(['poster', 'hls-120', 'hls-120-media'].filter(name => !kept(name))).toEqual([])
    expect(before.get('hls-144')?.variant.status).toBe('pending')
    expect((await jobOf(bed, asset.id)).attempt).toBeGreaterThan(1)
    expect(fileNamesIn(after.get('hls')?.bytes?.toString() ?? '')).toContain(
      basename(after.get('hls-120')?.object?.key ?? ''),
    )
    await expectStoreAndRowsAgree(bed)
  })
})
