import { silentLogger } from '@darkroom/core'
import { sql } from 'drizzle-orm'
import { expect, it } from 'vitest'
import { confirmedAsset, useTestDatabase } from '../../db/test/database.ts'
import { LEASE_SEC, startLeaseRenewal } from '../src/runner/lease-renewal.ts'
import { claimJob } from '../src/sql/index.ts'

const test = useTestDatabase()

it('aborts a run whose renewals are not answered', async () => {
  const { database } = test
  const { job } = await confirmedAsset(test)
  const claimed = await claimJob(database.db, { jobId: job.id, host: 'test', leaseSec: LEASE_SEC })
  if (!claimed) throw new Error('nobody else claims it')
  const leases = startLeaseRenewal(database, silentLogger)
  const { signal } = leases.hold(claimed.lease)
  try {
    await database.db.transaction(async tx => {
      await tx.execute(sql`LOCK TABLE jobs`)
      await expect.poll(() => signal.aborted, { timeout: 40_000, interval: 50 }).toBe(true)
    })
    expect(signal.reason).toMatchObject({ code: 'LEASE_LOST' })
  } finally {
    leases.close()
  }
})
