import { newId, silentLogger } from '@darkroom/core'
import { openAlarms, raiseAlarm } from '@darkroom/db/operations'
import { insertInboxEvents } from '@darkroom/db/uploads'
import { sql } from 'drizzle-orm'
import { afterEach, describe, expect, it } from 'vitest'
import { forgetOldEvents, processInbox } from '../src/maintenance/process-inbox.ts'
import { assetOf, type Bed, confirm, type Delivered, deliver, eventually, PHOTO, useBed } from './harness.ts'

const bed = useBed()

const running: { stop: AbortController; ended: Promise<void> }[] = []
function start({ store = bed.store, pollMs }: { store?: Bed['store']; pollMs?: number } = {}) {
  const stop = new AbortController()
  running.push({
    stop,
    ended: processInbox.run({ ...bed, store, logger: silentLogger, ...(pollMs && { pollMs }) }, stop.signal),
  })
}
async function stopAll() {
  for (const { stop } of running) stop.abort()
  await Promise.all(running.splice(0).map(({ ended }) => ended))
}
afterEach(async () => {
  await stopAll()
  bed.b2.faults.clear()
  await execute(sql`DELETE FROM inbox`)
})

const execute = (query: ReturnType<typeof sql>) => bed.database.db.execute(query)
const statusOf = async ({ upload }: Delivered) => (await assetOf(bed, upload.assetId)).status
const outcomes = async () =>
  [...(await execute(sql`SELECT outcome FROM inbox ORDER BY received_at, event_id`))].map(row => row.outcome)
const jobsOf = async ({ upload }: Delivered) => {
  const [row] = await execute(sql`SELECT count(*)::int AS jobs FROM jobs WHERE asset_id = ${upload.assetId}`)
  return row?.jobs
}

function eventOf({ location }: Pick<Delivered, 'location'>, more: { eventId?: string; type?: string } = {}) {
  const type = 'b2:ObjectCreated:Upload'
  return { eventId: newId(), type, ...location, versionId: 'v', byteSize: PHOTO.length, data: {}, ...more }
}
const receive = (...events: ReturnType<typeof eventOf>[]) => insertInboxEvents(bed.database.db, events)

describe('an event of the store', () => {
  it('confirms the upload whose bytes it tells of when it is notified, without a poll', async () => {
    const delivered = await deliver(bed, PHOTO)
    start({ pollMs: 600_000 })
    // Listens by now, so that what follows is not found by the first look.
    await new Promise(resolve => setTimeout(resolve, 300))
    await receive(eventOf(delivered))
    await eventually(() => statusOf(delivered)).toBe('processing')
    await eventually(outcomes).toEqual(['confirmed'])
    const [row] = await execute(
      sql`SELECT data FROM events WHERE asset_id = ${delivered.upload.assetId} AND type = 'asset.processing'`,
    )
    expect(row?.data).toEqual({ by: 'event' })
  })

  it('that came while no worker ran is processed at the start', async () => {
    const delivered = await deliver(bed, PHOTO)
    await receive(eventOf(delivered))
    start()
    await eventually(() => statusOf(delivered)).toBe('processing')
  })

  it('makes one job, however often it is told, in whatever order, and by however many it is processed', async () => {
    const delivered = await deliver(bed, PHOTO)
    const deleted = eventOf(delivered, { type: 'b2:ObjectDeleted:Delete' })
    const hidden = eventOf(delivered, { type: 'b2:HideMarkerCreated:Hide' })
    const created = Array.from({ length: 30 }, () => eventOf(delivered))
    await receive(deleted, ...created, hidden)
    await receive(...created)
    start()
    start()
    start()
    await eventually(async () => (await outcomes()).filter(outcome => outcome === null).length).toBe(0)
    expect(await jobsOf(delivered)).toBe(1)
    const counts = Object.groupBy(await outcomes(), String)
    // Side by side several may see it first; one wins and the others read what stands.
    expect([counts.ignored?.length, counts.confirmed?.length, counts['confirmed before']?.length]).toEqual([2, 1, 29])
  })

  it('of an upload that was confirmed, has expired or was deleted does no harm', async () => {
    const [confirmed, expired, deleted] = [
      await deliver(bed, PHOTO),
      await deliver(bed, PHOTO),
      await deliver(bed, PHOTO),
    ]
    await confirm(bed, confirmed)
    await execute(sql`UPDATE uploads SET expires_at = now() WHERE id = ${expired.upload.id}`)
    await execute(sql`UPDATE assets SET deleted_at = now(), status = 'deleting' WHERE id = ${deleted.upload.assetId}`)
    for (const delivered of [confirmed, expired, deleted]) await receive(eventOf(delivered))
    start()
    await eventually(outcomes).toEqual(['confirmed before', 'UPLOAD_EXPIRED', 'ASSET_DELETED'])
    expect([await jobsOf(confirmed), await jobsOf(expired), await jobsOf(deleted)]).toEqual([1, 0, 0])
  })

  it.each([
    ['of an object that is nobody’s upload', { key: 'uploads/x/y/z' }],
    ['of another bucket', { bucket: 'elsewhere' }],
  ])('%s is put aside', async (_name, more) => {
    const delivered = await deliver(bed, PHOTO)
    await receive({ ...eventOf(delivered), ...more })
    start()
    await eventually(outcomes).toEqual(['not ours'])
    expect(await statusOf(delivered)).toBe('awaiting_upload')
  })

  it('is no proof: bytes that are not there confirm nothing', async () => {
    const delivered = await deliver(bed, PHOTO)
    await bed.store.deleteAll(delivered.location)
    await receive(eventOf(delivered))
    start()
    await eventually(outcomes).toEqual(['UPLOAD_INCOMPLETE'])
    expect(await statusOf(delivered)).toBe('awaiting_upload')
  })

  it('waits while the store does not answer, and holds up no other', async () => {
    const [stuck, other] = [await deliver(bed, PHOTO), await deliver(bed, PHOTO)]
    bed.b2.faults.set({ kind: 'slow-down', match: { key: stuck.location.key }, retryAfterSec: 60 })
    await receive(eventOf(stuck, { eventId: 'a' }), eventOf(other, { eventId: 'b' }))
    start()
    await eventually(outcomes).toEqual([null, 'confirmed'])
    await stopAll()
    bed.b2.faults.clear()
    await execute(sql`UPDATE inbox SET processed_at = now() - interval '61 s' WHERE outcome IS NULL`)
    start()
    await eventually(outcomes).toEqual(['confirmed', 'confirmed'])
  })

  it('ends the alarm about the silence of the store', async () => {
    await raiseAlarm(bed.database.db, { code: 'EVENTS_SILENT', message: 'x' })
    await receive(eventOf({ location: { bucket: 'b', key: 'k' } }))
    start()
    await eventually(async () => (await openAlarms(bed.database.db)).length).toBe(0)
  })
})

describe('old events', () => {
  it('are forgotten after a week', async () => {
    await receive(
      eventOf({ location: { bucket: 'b', key: 'old' } }),
      eventOf({ location: { bucket: 'b', key: 'new' } }),
    )
    await execute(sql`UPDATE inbox SET received_at = now() - interval '8 days' WHERE key = 'old'`)
    await forgetOldEvents.run(bed)
    expect([...(await execute(sql`SELECT key FROM inbox`))]).toEqual([{ key: 'new' }])
  })
})
