import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PresetDefinition, type WarningCode } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { reprocessAsset } from '@darkroom/db/jobs'
import { changeProject } from '@darkroom/db/projects'
import { requeueJob } from '@darkroom/jobs/sql'
import { sql } from 'drizzle-orm'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  assetOf,
  eventually,
  expectStoreAndRowsAgree,
  jobOf,
  PHOTO,
  untilStatus,
  uploaded,
  useBed,
  variantsInStore,
} from './harness.ts'

const VIDEO = {
  variants: [
    { name: 'poster', type: 'poster', width: 64, format: 'webp', required: true },
    { name: 'large', type: 'poster', width: 128, format: 'webp' },
  ],
}
const IMAGE = {
  variants: [
    { name: 'thumb', width: 64, format: 'webp', required: true },
    { name: 'large', width: 128, format: 'webp' },
  ],
}
const TRUNCATED = {
  code: 'SOURCE_TRUNCATED',
  message: 'The file is truncated. The part that exists was processed.',
  detail: expect.stringMatching(/^[\d,]+ of [\d,]+ bytes are there, with \d+ of \d+ frames\.$/),
}

function makeAvi(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'darkroom-avi-'))
  const file = join(folder, 'video.avi')
  execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=128x96:r=10:d=2', '-c:v', 'mjpeg', file])
  const bytes = readFileSync(file)
  rmSync(folder, { recursive: true })
  return bytes
}

const bed = useBed()
let presetId: string
let whole: Buffer
let half: Buffer
beforeAll(async () => {
  await bed.startWorker()
  presetId = await preset('plain', {})
  whole = makeAvi()
  half = whole.subarray(0, whole.length / 2)
})
afterEach(() => projectFailsOn([]))

async function preset(name: string, more: { failOn?: WarningCode[]; image?: object }): Promise<string> {
  const id = newId()
  const definition = JSON.stringify(PresetDefinition.parse({ video: VIDEO, image: IMAGE, ...more }))
  await bed.database.db.execute(
    sql`INSERT INTO presets (id, project_id, name, version, definition) VALUES (${id}, ${bed.projectId}, ${name}, 1, ${definition}::jsonb)`,
  )
  return id
}

const projectFailsOn = (failOn: WarningCode[]) => changeProject(bed.database.db, bed.projectId, { failOn })
const upload = async (bytes: Buffer) =>
  (await uploaded(bed, bytes, { contentType: 'video/vnd.avi', presetId })).asset.id

async function dataOf(assetId: string, type: string): Promise<Record<string, unknown>[]> {
  const rows = await bed.database.db.execute<{ data: Record<string, unknown> }>(
    sql`SELECT data FROM events WHERE asset_id = ${assetId} AND type = ${type} ORDER BY seq`,
  )
  return rows.map(({ data }) => data)
}

const publishedOf = async (assetId: string) =>
  (await variantsInStore(bed, assetId)).flatMap(({ variant, bytes }) => (bytes ? [variant.name] : []))

describe('a video', () => {
  it('that is whole has no warning', async () => {
    const id = await upload(whole)
    expect(await untilStatus(bed, id, 'ready')).toMatchObject({ warnings: [] })
    expect(await dataOf(id, 'asset.ready')).toEqual([{}])
  })

  it('that is cut is published, and says so on the asset and in its event', async () => {
    const id = await upload(half)
    expect(await untilStatus(bed, id, 'ready')).toMatchObject({ warnings: [TRUNCATED], error: null })
    expect(await dataOf(id, 'asset.ready')).toEqual([{ warnings: [TRUNCATED] }])
    expect(await publishedOf(id)).toEqual(['poster', 'large'])
  })

  it('says so of some of its variants alone as well, also what was said before of others', async () => {
    const id = await upload(half)
    await untilStatus(bed, id, 'ready')
    const before = { code: 'COLOR_ASSUMED', message: 'Assumed.', detail: 'Of the large one' }
    await bed.database.db.execute(
      sql`UPDATE assets SET warnings = warnings || ${JSON.stringify([before])}::jsonb WHERE id = ${id}`,
    )
    const processAgain = async (onlyVariants?: string[]) => {
      const asset = await assetOf(bed, id)
      await bed.database.db.transaction(tx =>
        reprocessAsset(tx, { asset, queue: 'image', presetId, ...(onlyVariants && { onlyVariants }) }),
      )
      await eventually(async () => (await jobOf(bed, id)).status).toBe('succeeded')
      return (await assetOf(bed, id)).warnings
    }
    expect(await processAgain(['poster'])).toEqual([TRUNCATED, before])
    expect(await processAgain(['poster', 'large'])).toEqual([TRUNCATED])
  })
})

/** Lacks its end marker alone, which shows only when every pixel of it was decoded. */
const photo = async () => (await uploaded(bed, PHOTO.subarray(0, -2), { presetId })).asset.id

describe('a warning that is an error and shows late, when variants are made', () => {
  it('leaves nothing of the asset that anybody could see', async () => {
    await projectFailsOn(['SOURCE_REPAIRED'])
    const id = await photo()
    const failed = await untilStatus(bed, id, 'failed')
    expect(failed).toMatchObject({ error: { code: 'WARNING_REFUSED' }, warnings: [{ code: 'SOURCE_REPAIRED' }] })
    expect(failed.firstPreviewAt).toBeNull()
    expect(await publishedOf(id)).toEqual([])
    expect(await dataOf(id, 'variant.ready')).toEqual([])
    await expectStoreAndRowsAgree(bed)
  })

  it('leaves what was published from before, every file of it', async () => {
    const id = await photo()
    await untilStatus(bed, id, 'ready')
    const before = await variantsInStore(bed, id)
    const other = { variants: IMAGE.variants.map(variant => ({ ...variant, quality: 60 })) }
    const strict = await preset('other and strict', { image: other, failOn: ['SOURCE_REPAIRED'] })
    const asset = await assetOf(bed, id)
    await bed.database.db.transaction(tx => reprocessAsset(tx, { asset, queue: 'image', presetId: strict }))
    await eventually(async () => (await jobOf(bed, id)).status).toBe('failed')
    expect(await variantsInStore(bed, id)).toEqual(before)
    await expectStoreAndRowsAgree(bed)
  })

  it('lets what has none through', async () => {
    await projectFailsOn(['SOURCE_REPAIRED'])
    const { asset } = await uploaded(bed, PHOTO, { presetId })
    expect(await untilStatus(bed, asset.id, 'ready')).toMatchObject({ warnings: [] })
    expect(await publishedOf(asset.id)).toEqual(['thumb', 'large'])
  })
})

describe('a warning that is an error', () => {
  it('in the project fails the asset, names it, and nothing is published; taken back, a requeue makes it', async () => {
    await projectFailsOn(['FONTS_MISSING', 'SOURCE_TRUNCATED'])
    const id = await upload(half)
    const failed = await untilStatus(bed, id, 'failed')
    const message = /^The project does not accept files with the warning SOURCE_TRUNCATED: [\d,]+ of [\d,]+ bytes/
    expect(failed.error).toEqual({ code: 'WARNING_REFUSED', message: expect.stringMatching(message), retryable: false })
    expect(failed.warnings).toEqual([TRUNCATED])
    expect(await dataOf(id, 'asset.failed')).toEqual([{ code: 'WARNING_REFUSED', warnings: [TRUNCATED] }])
    expect(await variantsInStore(bed, id)).toEqual([])
    expect(await upload(whole).then(other => untilStatus(bed, other, 'ready'))).toMatchObject({ warnings: [] })

    await projectFailsOn([])
    const { id: jobId } = await jobOf(bed, id)
    await bed.database.db.transaction(tx => requeueJob(tx, { id: jobId, projectId: bed.projectId }))
    expect(await untilStatus(bed, id, 'ready')).toMatchObject({ warnings: [TRUNCATED], error: null })
    await expectStoreAndRowsAgree(bed)
  })

  it('in a preset leaves what is published as it is', async () => {
    const id = await upload(half)
    await untilStatus(bed, id, 'ready')
    const before = await variantsInStore(bed, id)
    const strict = await preset('strict', { failOn: ['SOURCE_TRUNCATED'] })
    const asset = await assetOf(bed, id)
    await bed.database.db.transaction(tx => reprocessAsset(tx, { asset, queue: 'image', presetId: strict }))
    await eventually(async () => (await jobOf(bed, id)).status).toBe('failed')
    expect((await jobOf(bed, id)).error).toMatchObject({
      code: 'WARNING_REFUSED',
      message: expect.stringMatching(/^The preset does not accept/),
    })
    expect(await assetOf(bed, id)).toMatchObject({ status: 'ready', error: null, presetId, warnings: [TRUNCATED] })
    expect(await dataOf(id, 'asset.reprocess_failed')).toEqual([{ code: 'WARNING_REFUSED', warnings: [TRUNCATED] }])
    expect(await variantsInStore(bed, id)).toEqual(before)
  })
})
