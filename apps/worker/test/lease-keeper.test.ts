import { silentLogger } from '@darkroom/core'
import { claimJob } from '@darkroom/jobs/sql'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { createLeaseKeeper, LEASE_SEC } from '../src/lease-keeper.ts'
import { eventually, SMALL_PNG, uploaded, useBed } from './harness.ts'

const bed = useBed()

it('aborts a run whose renewals are not answered', async () => {
  const { job } = await uploaded(bed, SMALL_PNG, { contentType: 'image/png' })
  const claimed = await claimJob(bed.database.db, { jobId: job.id, host: 'test', leaseSec: LEASE_SEC })
  if (!claimed) throw new Error('nobody else claims it')
  const keeper = createLeaseKeeper(bed.database, silentLogger)
  const { signal } = keeper.hold(claimed.lease)
  try {
    await bed.database.db.transaction(async tx => {
      await tx.execute(sql`LOCK TABLE jobs`)
      await eventually(() => signal.aborted).toBe(true)
    })
    expect(signal.reason).toMatchObject({ code: 'LEASE_LOST' })
  } finally {
    keeper.close()
  }
})
