import { newId } from '@darkroom/core'
import { patchAsset } from '@darkroom/db/assets'
import { reprocessAsset } from '@darkroom/db/jobs'
import { claimJob } from '@darkroom/jobs/sql'
import { colorAt, coloredBands } from '@darkroom/testing'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  assetOf,
  attemptsOf,
  createPreset,
  eventually,
  expectStoreAndRowsAgree,
  jobOf,
  SMALL_PNG,
  untilStatus,
  uploaded,
  useBed,
  variantsInStore,
} from './harness.ts'

const bed = useBed()
let presetId: string
beforeAll(async () => {
  presetId = await createPreset(bed, 'pair', [
    { name: 'small', width: 8, format: 'webp' },
    { name: 'large', width: 16, format: 'webp' },
  ])
  await bed.startWorker()
})

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)

async function published() {
  const { asset } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png', presetId })
  return untilStatus(bed, asset.id, 'ready')
}

const rowsOf = async (id: string) => new Map((await variantsInStore(bed, id)).map(each => [each.variant.name, each]))

/** Which files are others than before, by name. */
async function remadeOf(id: string, before: Awaited<ReturnType<typeof rowsOf>>): Promise<string[]> {
  const after = await rowsOf(id)
  expect([...after.keys()]).toEqual([...before.keys()])
  return [...after.keys()].filter(name => after.get(name)?.object?.id !== before.get(name)?.object?.id)
}

const again = async (id: string, onlyVariants?: string[]) => {
  const asset = await assetOf(bed, id)
  await bed.database.db.transaction(tx =>
    reprocessAsset(tx, { asset, queue: 'image', ...(onlyVariants && { onlyVariants }) }),
  )
  await eventually(async () => (await jobOf(bed, id)).status).toBe('succeeded')
}

describe('a focal point', () => {
  it('is what the crops of an image show from the next reprocess on, and nothing else is made again', async () => {
    const presetId = await createPreset(bed, 'aimed', [
      { name: 'square', width: 20, height: 20, fit: 'cover', position: 'attention', format: 'png' },
      {
        name: 'right',
        width: 20,
        height: 20,
        fit: 'cover',
        crop: { left: 60, top: 0, width: 60, height: 20 },
        format: 'png',
      },
      { name: 'whole', width: 60, height: 60, format: 'png' },
    ])
    const image = await coloredBands(['#ff0000', '#00ff00', '#0000ff'], { width: 40, height: 40 })
    const { asset } = await uploaded(bed, image, { contentType: 'image/png', presetId })
    const { id, projectId } = await untilStatus(bed, asset.id, 'ready')
    /** In the middle of each. */
    const colors = async () => {
      const rows = await rowsOf(id)
      return Promise.all(['square', 'right'].map(name => colorAt(rows.get(name)?.bytes ?? Buffer.of(), 10, 10)))
    }
    const aim = (focalPoint: { x: number; y: number } | null) =>
      bed.database.db.transaction(tx => patchAsset(tx, { projectId, id }, { focalPoint }))

    for (const [x, square, right] of [
      [0, '#ff0000', '#00ff00'],
      [0.5, '#00ff00', '#00ff00'],
      [1, '#0000ff', '#0000ff'],
    ] as const) {
      const before = await rowsOf(id)
      await aim({ x, y: 0.5 })
      await again(id)
      expect([x, await colors()]).toEqual([x, [square, right]])
      expect(await remadeOf(id, before)).not.toContain('whole')
    }
    const before = await rowsOf(id)
    await again(id)
    expect(await remadeOf(id, before)).toEqual([])
    await aim(null)
    await again(id)
    expect(await remadeOf(id, before)).toEqual(['square', 'right'])
  })
})

describe('a reprocess of some variants', () => {
  it('makes these again, though they stand, and leaves all others as they are', async () => {
    const { id } = await published()
    // Not in the preset, so a whole run drops it.
    await execute(sql`INSERT INTO variants (id, project_id, asset_id, name, position, required, status, fingerprint)
      VALUES (${newId()}, ${bed.projectId}, ${id}, 'kept', 9, false, 'skipped', '')`)
    const before = await rowsOf(id)
    await again(id, ['small'])
    expect(await remadeOf(id, before)).toEqual(['small'])
    const after = await rowsOf(id)
    expect(after.get('small')?.bytes).toEqual(before.get('small')?.bytes)
    for (const name of ['large', 'kept']) expect(after.get(name)).toEqual(before.get(name))
    expect(await assetOf(bed, id)).toMatchObject({ status: 'ready', presetId })
    await again(id)
    expect([...(await rowsOf(id)).keys()]).toEqual(['small', 'large'])
    await expectStoreAndRowsAgree(bed)
  })

  it('stays that when its worker dies: the job says which', async () => {
    const { id } = await published()
    const before = await rowsOf(id)
    const asset = await assetOf(bed, id)
    // As if a process had taken it that is gone: nobody else could between the two.
    await bed.database.db.transaction(async tx => {
      const { job } = await reprocessAsset(tx, { asset, queue: 'image', onlyVariants: ['large'] })
      await tx.execute(sql`UPDATE jobs SET available_at = now() - interval '1 s' WHERE id = ${job.id}`)
      expect(await claimJob(tx, { jobId: job.id, host: 'gone', leaseSec: 0 })).not.toBeNull()
    })
    await eventually(async () => (await jobOf(bed, id)).status).toBe('succeeded')
    expect((await attemptsOf(bed, id)).slice(1)).toEqual(['1 lost its lease', '2 done'])
    expect(await remadeOf(id, before)).toEqual(['large'])
    await expectStoreAndRowsAgree(bed)
  })

  it('leaves an asset partial for what it left out, and makes it ready when that was the last', async () => {
    const { id } = await published()
    await execute(sql`UPDATE variants SET error = '{"code":"INTERNAL","message":"","retryable":true}'
      WHERE asset_id = ${id} AND name = 'large'`)
    await execute(sql`UPDATE assets SET status = 'partial' WHERE id = ${id}`)
    await again(id, ['small'])
    expect((await assetOf(bed, id)).status).toBe('partial')
    await again(id, ['large'])
    expect((await assetOf(bed, id)).status).toBe('ready')
  })
})
