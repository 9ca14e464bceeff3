import { ASSET_STATUSES, JOB_STATUSES } from '@darkroom/contracts'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { assetStatus, jobStatus, uploadStatus } from '../src/schema/index.ts'
import { confirmedAsset, useTestDatabase } from './database.ts'

const test = useTestDatabase()

/** Pairs `from > to` in which a statement with the guard changes a row, and where one that guards itself does. */
async function allowedPairs<Status extends string>(
  table: 'assets' | 'jobs',
  id: string,
  statuses: readonly Status[],
  transitions: {
    to(status: Status): { assignment: ReturnType<typeof sql>; guard: ReturnType<typeof sql> }
    assignWhere(status: Status): ReturnType<typeof sql>
  },
) {
  const { db } = test.database
  const name = sql.raw(table)
  const guarded: string[] = []
  const selfGuarded: string[] = []
  const reset = (status: Status) => db.execute(sql`UPDATE ${name} SET status = ${status} WHERE id = ${id}`)
  for (const from of statuses)
    for (const to of statuses.filter(status => status !== from)) {
      await reset(from)
      const { assignment, guard } = transitions.to(to)
      const changed = await db.execute(
        sql`UPDATE ${name} SET ${assignment} WHERE id = ${id} AND ${guard} RETURNING status`,
      )
      if (changed.length > 0) guarded.push(`${from} > ${changed[0]?.status}`)
      await reset(from)
      const [row] = await db.execute(
        sql`UPDATE ${name} SET ${transitions.assignWhere(to)} WHERE id = ${id} RETURNING status`,
      )
      if (row?.status !== from) selfGuarded.push(`${from} > ${row?.status}`)
    }
  return { guarded, selfGuarded }
}

describe('a change of status', () => {
  it('of a job is made only where the table allows it', async () => {
    const { job } = await confirmedAsset(test)
    const pairs = await allowedPairs('jobs', job.id, JOB_STATUSES, jobStatus)
    const allowed = [
      'queued > running',
      'queued > cancelled',
      'running > queued',
      'running > succeeded',
      'running > failed',
      'running > cancelled',
      'failed > queued',
      'cancelled > queued',
    ]
    expect(pairs.guarded.toSorted()).toEqual(allowed.toSorted())
    expect(pairs.selfGuarded.toSorted()).toEqual(allowed.toSorted())
  })

  it('of an asset never leads out of a deletion, nor back to waiting for an upload', async () => {
    const { asset } = await confirmedAsset(test)
    const { guarded, selfGuarded } = await allowedPairs('assets', asset.id, ASSET_STATUSES, assetStatus)
    expect(guarded).toEqual(selfGuarded)
    expect(guarded.filter(pair => pair.startsWith('delet'))).toEqual(['deleting > deleted'])
    expect(guarded.filter(pair => pair.endsWith('> awaiting_upload'))).toEqual([])
    expect(guarded).toHaveLength(17)
  })

  it('may stay what it is only where it says so, and with a condition leaves the others', async () => {
    const { db } = test.database
    const { asset } = await confirmedAsset(test)
    const update = (set: ReturnType<typeof sql>, where: ReturnType<typeof sql>) =>
      db.execute(sql`UPDATE assets SET ${set} WHERE id = ${asset.id} AND ${where} RETURNING status`)
    const stays = assetStatus.to('processing', { mayStay: true })
    expect(await update(stays.assignment, stays.guard)).toHaveLength(1)
    expect(await update(stays.assignment, assetStatus.to('processing').guard)).toHaveLength(0)
    expect(await update(assetStatus.assignWhere('failed', sql`false`), sql`true`)).toEqual([{ status: 'processing' }])
    const either = assetStatus.toEither(sql`revision < 0`, 'partial', 'ready')
    expect(await update(either.assignment, either.guard)).toEqual([{ status: 'ready' }])
    expect(await update(either.assignment, either.guard)).toEqual([{ status: 'ready' }])
  })

  it('of an upload that was confirmed is no abort, but with its asset', async () => {
    const { db } = test.database
    const { upload } = await confirmedAsset(test)
    const { confirmed, aborted, abortedWithAsset } = uploadStatus
    for (const [change, rows] of [
      [confirmed, 0],
      [aborted, 0],
      [abortedWithAsset, 1],
      [abortedWithAsset, 0],
    ] as const)
      expect(
        await db.execute(
          sql`UPDATE uploads SET ${change.assignment} WHERE id = ${upload.id} AND ${change.guard} RETURNING id`,
        ),
      ).toHaveLength(rows)
  })
})
