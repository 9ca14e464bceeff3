import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { latestJobOfAsset } from '@darkroom/db/jobs'
import { afterEach, describe, expect, it } from 'vitest'
import { confirmArrived } from '../src/index.ts'
import { delivered, refound, useBed, versionsOf } from './bed.ts'

const CONFIRMING_PROCESS = fileURLToPath(new URL('./confirming-process.ts', import.meta.url))
/** Two parts. */
const BYTES = randomBytes(5_000_001)

const bed = useBed()
afterEach(() => bed.b2.faults.clear())

describe.each(['single', 'multipart'] as const)('an upload of type %s', type => {
  it('has one winner among client, event and sweeper, and all get its job', async () => {
    const found = await delivered(bed, BYTES, type)
    const all = await Promise.all(
      (['client', 'event', 'sweeper', 'client', 'event', 'sweeper'] as const).map(by =>
        confirmArrived(bed, found, { by }),
      ),
    )
    expect(all.filter(confirmed => confirmed.isNew)).toHaveLength(1)
    expect(new Set(all.map(confirmed => confirmed.job.id)).size).toBe(1)
    const { upload, object } = await refound(bed, found.upload.id)
    expect(upload.bytesSeenAt).toEqual(upload.confirmedAt)
    expect(object).toMatchObject({ state: 'live', bytes: BYTES.length })
    expect(await versionsOf(bed, found)).toBe(1)
  })

  it.each([
    ['confirm.before-commit', 'client', 'awaiting_upload'],
    ['confirm.after-commit', 'client', 'processing'],
    ['sweep.after-head', 'sweeper', 'awaiting_upload'],
  ])('killed at %s by the %s is %s, and the next to come gets one job', async (crashpoint, by, status) => {
    const found = await delivered(bed, BYTES, type)
    const { id, projectId, assetId } = found.upload
    const args = [bed.databaseUrl, bed.b2.url, projectId, id, by]
    const child = spawn(process.execPath, [CONFIRMING_PROCESS, ...args], {
      env: { ...process.env, DARKROOM_CRASHPOINT: crashpoint },
      stdio: 'inherit',
    })
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL'])
    const left = await refound(bed, id)
    expect(left.asset.status).toBe(status)
    const { job, isNew } = await confirmArrived(bed, left, { by: 'event' })
    expect(isNew).toBe(status === 'awaiting_upload')
    expect((await latestJobOfAsset(bed.database.db, assetId))?.id).toBe(job.id)
    expect(await versionsOf(bed, found)).toBe(1)
  })

  it('waits for a store that does not answer, and changes nothing', async () => {
    const found = await delivered(bed, BYTES, type)
    bed.b2.faults.set({ kind: 'slow-down', retryAfterSec: 60 })
    await expect(confirmArrived(bed, found, { by: 'client' })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' })
    expect((await refound(bed, found.upload.id)).asset.status).toBe('awaiting_upload')
  })

  it('tells when the store got an object that it could have told of', async () => {
    const found = await delivered(bed, BYTES, type)
    const { arrivedAt } = await confirmArrived(bed, found, { by: 'sweeper' })
    expect(arrivedAt === null).toBe(type === 'multipart')
  })
})

describe('an upload in parts', () => {
  it('whose Complete is refused for a part that changed meanwhile is confirmed at the next try', async () => {
    const found = await delivered(bed, BYTES, 'multipart')
    const stale = {
      ...bed.store,
      async listParts(...args: Parameters<typeof bed.store.listParts>) {
        const parts = await bed.store.listParts(...args)
        return parts?.map(part => ({ ...part, etag: '9e107d9d372bb6826bd81d3542a419d6' })) ?? null
      },
    }
    const first = confirmArrived({ ...bed, store: stale }, found, { by: 'client' })
    await expect(first).rejects.toMatchObject({ code: 'INVALID_PARTS' })
    await expect(confirmArrived(bed, found, { by: 'client' })).resolves.toMatchObject({ isNew: true })
  })
})
