import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { QUEUE_NAMES, type QueueName } from '@darkroom/contracts'
import { newId } from '@darkroom/core'
import { JOBS_CHANNEL, registerWorker } from '@darkroom/db/jobs'
import { ensureProject } from '@darkroom/db/projects'
import { amount } from '@darkroom/testing/samples'
import { sql } from 'drizzle-orm'
import { beforeEach, describe, expect, it } from 'vitest'
import { useTestDatabase } from '../../db/test/database.ts'
import {
  claimJob,
  completeRun,
  endJob,
  fenced,
  findLostLeases,
  findUnclaimed,
  findWaitingWork,
  keepDispatches,
  type Lease,
  requeueLostJob,
  takeDispatches,
  undoDispatches,
} from '../src/sql/index.ts'

const test = useTestDatabase()

const execute = (query: ReturnType<typeof sql>) => test.database.db.execute(query)
beforeEach(() => execute(sql`TRUNCATE jobs, job_attempts, events, assets, workers, queue_states CASCADE`))

/** So many jobs of a project, the first one the oldest. @returns their ids in that order */
async function addJobs(
  projectId: string,
  count: number,
  { lane = 'interactive', ageSec = 10, queue = 'image' } = {},
): Promise<string[]> {
  const rows = await execute(sql`
    WITH made AS (
      INSERT INTO assets (id, project_id, preset_id, status, filename, content_type, byte_size)
      SELECT gen_random_uuid(), ${projectId}, ${test.presetId}, 'processing', 'x', 'image/png', 1
      FROM generate_series(1, ${count}) RETURNING id
    )
    INSERT INTO jobs (id, project_id, asset_id, name, queue, lane, available_at)
    SELECT gen_random_uuid(), ${projectId}, id, 'asset.process', ${queue}, ${lane},
      now() - make_interval(secs => ${ageSec}) + row_number() OVER () * interval '1 ms'
    FROM made RETURNING id, available_at`)
  return rows.map(row => String(row.id))
}

const take = async (maxDepth = 100, queue: QueueName = 'image') =>
  (await takeDispatches(test.database.db, { queue, maxDepth })).dispatches
/** A round over all queues, in whatever order they come. */
const takeOfEach = async (queues: readonly QueueName[] = QUEUE_NAMES) => {
  const taken: string[] = []
  for (const queue of queues) taken.push(...idsOf(await take(100, queue)))
  return taken
}
const idsOf = (dispatches: { jobId: string }[]) => dispatches.map(({ jobId }) => jobId)
const claim = (jobId: string) => claimJob(test.database.db, { jobId, host: 'test', leaseSec: 15 })
const worker = (slots: number, queues: QueueName[] = ['image']) =>
  registerWorker(test.database.db, { id: newId(), host: 'test', version: '1', queues, lacks: [], slots })
const end = (jobId: string) => execute(sql`UPDATE jobs SET status = 'succeeded' WHERE id = ${jobId}`)
const MADE_NOTHING = { placeholder: null, warnings: [], planned: [], isWhole: true, peakMemoryBytes: undefined }
/** A project that may have so many jobs under way. */
async function limitedTo(maxConcurrency: number): Promise<string> {
  const { id } = await ensureProject(test.database.db, 'limited')
  await execute(sql`UPDATE projects SET max_concurrency = ${maxConcurrency} WHERE id = ${id}`)
  return id
}

describe('takeDispatches', () => {
  it('takes turns between projects, the oldest of each first', async () => {
    const other = await ensureProject(test.database.db, 'other')
    const many = await addJobs(test.projectId, 5)
    const [single = ''] = await addJobs(other.id, 1, { ageSec: 1 })
    const first = idsOf(await take(3))
    expect(first).toHaveLength(3)
    expect(new Set(first)).toEqual(new Set([many[0], single, many[1]]))
  })

  it('gives a single upload a better turn than a project that has much under way, and takes nothing twice', async () => {
    const other = await ensureProject(test.database.db, 'other')
    await addJobs(test.projectId, 50)
    const backlog = await take(20)
    for (const jobId of idsOf(backlog).slice(0, 5)) await claim(jobId)
    const [single] = await addJobs(other.id, 1, { ageSec: 1 })
    const next = await take(40)
    expect(new Set([...idsOf(backlog), ...idsOf(next)]).size).toBe(backlog.length + next.length)
    const alone = next.find(({ jobId }) => jobId === single)
    const worst = next.filter(({ jobId }) => jobId !== single).map(({ priority }) => priority)
    expect(alone?.priority).toBeLessThan(Math.min(...worst))
    expect(Math.min(...worst)).toBeGreaterThan(20)
  })

  it('goes by lanes, but what waited long enough moves up', async () => {
    const [fresh] = await addJobs(test.projectId, 1, { lane: 'interactive' })
    const [backfill] = await addJobs(test.projectId, 1, { lane: 'backfill' })
    const [retried] = await addJobs(test.projectId, 1, { lane: 'retry' })
    const [aged] = await addJobs(test.projectId, 1, { lane: 'maintenance', ageSec: 1000 })
    const order = idsOf(await take())
    expect(order).toEqual([fresh, aged, retried, backfill])
  })

  it('lets a project have no more under way than it may', async () => {
    await worker(9)
    const id = await limitedTo(2)
    await addJobs(id, 10)
    const [first] = await take()
    expect(await take()).toEqual([])
    await claim(first?.jobId ?? '')
    expect(await take()).toEqual([])
    await end(first?.jobId ?? '')
    expect(await take()).toHaveLength(1)
  })

  it('counts what a project has under way over all queues but `system`', async () => {
    await worker(9, [...QUEUE_NAMES])
    const id = await limitedTo(1)
    for (const queue of QUEUE_NAMES) if (queue !== 'system') await addJobs(id, 2, { queue })
    const begun: string[] = []
    for (let round = 0; round < 10; round += 1) {
      const taken = await takeOfEach()
      expect(taken).toHaveLength(1)
      expect(await takeOfEach()).toEqual([])
      await claim(taken[0] ?? '')
      expect(await takeOfEach()).toEqual([])
      await end(taken[0] ?? '')
      begun.push(...taken)
    }
    expect(new Set(begun).size).toBe(10)
  })

  it('lets what removes files of a limited project wait for nothing but its like', async () => {
    await worker(9, [...QUEUE_NAMES])
    const id = await limitedTo(1)
    const [video, image] = [
      ...(await addJobs(id, 1, { ageSec: 40, queue: 'video' })),
      ...(await addJobs(id, 1, { ageSec: 30 })),
    ]
    const removals = await addJobs(id, 2, { queue: 'system' })
    expect(await takeOfEach()).toEqual([video, removals[0]])
    expect(await takeOfEach()).toEqual([])
    await end(removals[0] ?? '')
    expect(await takeOfEach()).toEqual([removals[1]])
    await end(video ?? '')
    expect(await takeOfEach()).toEqual([image])
  })

  it('lets the oldest job of a limited project go first, in whichever queue it is', async () => {
    await worker(9, [...QUEUE_NAMES])
    const id = await limitedTo(1)
    const images = await addJobs(id, 3, { ageSec: 20 })
    const [video] = await addJobs(id, 1, { ageSec: 30, queue: 'video' })
    const [audio] = await addJobs(id, 1, { ageSec: 10, queue: 'audio' })
    const begun: string[] = []
    for (let round = 0; round < 5; round += 1) {
      const taken = await takeOfEach(['image', 'audio', 'video'])
      for (const jobId of taken) await end(jobId)
      begun.push(...taken)
    }
    expect(begun).toEqual([video, ...images, audio])
  })

  it('keeps no place of a limited project for a queue that is paused or that nobody serves', async () => {
    await worker(9, ['image', 'audio'])
    const id = await limitedTo(1)
    await addJobs(id, 1, { ageSec: 40, queue: 'video' })
    await addJobs(id, 1, { ageSec: 30, queue: 'audio' })
    const [image] = await addJobs(id, 1)
    await execute(sql`INSERT INTO queue_states (queue, paused_at) VALUES ('audio', now())`)
    expect(await takeOfEach()).toEqual([image])
  })

  it('gives a place back that was taken for a queue whose worker is gone', async () => {
    await worker(9, ['video'])
    const id = await limitedTo(1)
    const [video] = await addJobs(id, 1, { ageSec: 40, queue: 'video' })
    expect(await takeOfEach()).toEqual([video])
    await execute(sql`UPDATE workers SET seen_at = now() - interval '31 s'`)
    await worker(9, ['image'])
    const [image] = await addJobs(id, 1)
    expect(await takeOfEach()).toEqual([image])
  })

  it.each([
    [
      'fails',
      (lease: Lease) => fenced(test.database.db, lease, tx => endJob(tx, lease, 'failed', { outcome: 'failed' })),
    ],
    ['succeeds', (lease: Lease) => completeRun(test.database.db, lease, MADE_NOTHING)],
  ])('hears at once of the place that a limited project has when a job of it %s', async (_, finish) => {
    const runs = async (projectId: string) => {
      const [jobId = ''] = await addJobs(projectId, 1)
      const claimed = await claim(jobId)
      if (!claimed) throw new Error('the job could not be claimed')
      return claimed.lease
    }
    const leases = [await runs(test.projectId), await runs(await limitedTo(1))]
    const heard: string[] = []
    const stop = await test.database.listen(JOBS_CHANNEL, queue => heard.push(queue))
    try {
      for (const lease of leases) {
        await finish(lease)
        await execute(sql`SELECT pg_notify(${JOBS_CHANNEL}, 'ended')`)
      }
      await expect.poll(() => heard).toEqual(['ended', '*', 'ended'])
    } finally {
      await stop()
    }
  })

  it('looks past limited projects that have all under way that they may', async () => {
    await worker(9)
    await execute(sql`
      INSERT INTO projects (id, name, max_concurrency) SELECT gen_random_uuid(), 'full ' || n, 1 FROM generate_series(1, 9) AS n`)
    const full = await execute(sql`SELECT id FROM projects WHERE name LIKE 'full %'`)
    for (const { id } of full) await addJobs(String(id), 2, { ageSec: 60 })
    expect(await take()).toHaveLength(9)
    await execute(sql`UPDATE jobs SET status = 'running' WHERE dispatched_at IS NOT NULL`)
    const [upload] = await addJobs(test.projectId, 1)
    // It looks at four times as many projects as it may take jobs.
    expect(idsOf(await take(2))).toEqual([upload])
  })

  it('takes nothing beyond the depth, nor what is not due, nor from a paused queue', async () => {
    await addJobs(test.projectId, 10)
    await addJobs(test.projectId, 1, { ageSec: -60 })
    expect(await take(4)).toHaveLength(4)
    expect(await take(4)).toHaveLength(0)
    await execute(sql`INSERT INTO queue_states (queue, paused_at) VALUES ('image', now())`)
    expect(await take(100)).toHaveLength(0)
    await execute(sql`UPDATE queue_states SET paused_at = NULL`)
    expect(await take(100)).toHaveLength(6)
    expect((await findWaitingWork(test.database.db)).secondsToNextDue).toBeCloseTo(60, -2)
  })

  it('reserves a slot for the first job of a project, once the other slots are taken', async () => {
    await worker(2)
    const other = await ensureProject(test.database.db, 'other')
    await addJobs(test.projectId, 2)
    expect((await take()).map(({ isReserved }) => isReserved)).toEqual([false, false])
    await addJobs(test.projectId, 1)
    await addJobs(other.id, 2)
    const taken = await take()
    const isOther = (id: string) => sql`SELECT 1 FROM jobs WHERE id = ${id} AND project_id = ${other.id}`
    const reserved = taken.filter(({ isReserved }) => isReserved)
    expect(taken).toHaveLength(3)
    expect(reserved).toHaveLength(1)
    expect(await execute(isOther(reserved[0]?.jobId ?? ''))).toHaveLength(1)
    const third = await ensureProject(test.database.db, 'third')
    await addJobs(third.id, 1)
    // There is one worker, so there is one such slot.
    expect((await take()).map(({ isReserved }) => isReserved)).toEqual([false])
  })

  it('reserves a slot also when the maximum is dispatched', async () => {
    await worker(2)
    await addJobs(test.projectId, 150)
    expect(await take(100)).toHaveLength(100)
    const other = await ensureProject(test.database.db, 'other')
    const [upload] = await addJobs(other.id, 1)
    const taken = await take(100)
    expect(taken).toEqual([expect.objectContaining({ jobId: upload, isReserved: true })])
    expect(await takeDispatches(test.database.db, { queue: 'image', maxDepth: 100 })).toEqual({
      dispatches: [],
      depth: 101,
    })
  })

  it('lets what has aged take turns with the uploads of its own project', async () => {
    const uploads = await addJobs(test.projectId, 150)
    const aged = await addJobs(test.projectId, 150, { lane: 'retry', ageSec: 400 })
    const [fresh = ''] = await addJobs(test.projectId, 1, { lane: 'retry' })
    const taken = idsOf(await take(100))
    expect(taken.slice(0, 4)).toEqual([uploads[0], aged[0], uploads[1], aged[1]])
    expect(taken).not.toContain(fresh)
  })

  it('looks at what has aged in however many projects something else waits', async () => {
    for (let index = 0; index < 5; index += 1) {
      const project = await ensureProject(test.database.db, `project ${index}`)
      await addJobs(project.id, 1)
    }
    const [aged] = await addJobs(test.projectId, 1, { lane: 'maintenance', ageSec: 2000 })
    expect(idsOf(await take(1))).toEqual([aged])
  })

  it('is planned once for each connection, long as it is', async () => {
    await test.database.db.transaction(async tx => {
      for (const queue of QUEUE_NAMES) await takeDispatches(tx, { queue, maxDepth: 1 })
      const kept = await tx.execute(sql`SELECT FROM pg_prepared_statements WHERE statement LIKE '%AS is_reserved%'`)
      // The other one is this question.
      expect(kept).toHaveLength(2)
    })
  })

  it('reserves nothing for other lanes', async () => {
    await worker(1)
    await addJobs(test.projectId, 1)
    await take()
    const other = await ensureProject(test.database.db, 'other')
    await addJobs(other.id, 1, { lane: 'backfill' })
    expect((await take()).map(({ isReserved }) => isReserved)).toEqual([false])
  })

  it('reads little of a long backlog', async () => {
    const count = amount(50_000, 100_000)
    const other = await ensureProject(test.database.db, 'other')
    await addJobs(test.projectId, count)
    await addJobs(other.id, 1)
    // Without it, what the index finds is looked up in the heap, however often.
    await execute(sql`VACUUM ANALYZE jobs`)
    const blocks = async () => {
      await execute(sql`SELECT pg_stat_force_next_flush()`)
      const [row] = await execute(
        sql`SELECT (heap_blks_hit + heap_blks_read)::int AS blocks FROM pg_statio_user_tables WHERE relname = 'jobs'`,
      )
      return Number(row?.blocks)
    }
    const before = await blocks()
    await take(100)
    expect((await blocks()) - before).toBeLessThan(count / 50)
  }, 240_000)
})

describe('a dispatched job', () => {
  it('is found when nobody claims it, kept when it is known, and dispatched again when it is lost', async () => {
    const { db } = test.database
    await addJobs(test.projectId, 3)
    const [known, lost, claimed] = await take()
    if (!known || !lost || !claimed) throw new Error('not all were taken')
    await claim(claimed.jobId)
    expect(await findUnclaimed(db, { queue: 'image', olderThanSec: 10, limit: 10 })).toEqual([])
    await execute(sql`UPDATE jobs SET dispatched_at = now() - interval '11 s' WHERE status = 'queued'`)
    const found = await findUnclaimed(db, { queue: 'image', olderThanSec: 10, limit: 10 })
    expect(new Set(idsOf(found))).toEqual(new Set([known.jobId, lost.jobId]))
    await keepDispatches(db, [known])
    expect(await undoDispatches(db, [lost, { ...lost, dispatchSeq: 99 }])).toBe(1)
    expect(idsOf(await take())).toEqual([lost.jobId])
    expect(await findUnclaimed(db, { queue: 'image', olderThanSec: 10, limit: 10 })).toEqual([])
  })
})

describe('requeueLostJob', () => {
  it('gives a job its former place back', async () => {
    const { db } = test.database
    const [first = '', second] = await addJobs(test.projectId, 2)
    await take()
    await claim(first)
    await execute(sql`UPDATE jobs SET lease_until = now() - interval '1 s' WHERE id = ${first}`)
    const [lost] = await findLostLeases(db, 10)
    if (!lost) throw new Error('no lease was lost')
    expect(await requeueLostJob(db, lost.job)).toBe(true)
    await execute(sql`UPDATE jobs SET dispatched_at = NULL`)
    expect(idsOf(await take())).toEqual([first, second])
  })
})

describe('claimJob', () => {
  it('takes nothing from a paused queue, nor a job whose name only a newer version knows', async () => {
    const [paused = '', unknown = ''] = await addJobs(test.projectId, 2)
    await execute(sql`UPDATE jobs SET name = 'asset.translate' WHERE id = ${unknown}`)
    expect(await claim(unknown)).toBeNull()
    await execute(sql`INSERT INTO queue_states (queue, paused_at) VALUES ('image', now())`)
    expect(await claim(paused)).toBeNull()
    await execute(sql`UPDATE queue_states SET paused_at = NULL`)
    expect((await claim(paused))?.job.id).toBe(paused)
  })
})

describe('the query by which KEDA scales workers', () => {
  const file = join(import.meta.dirname, '../../../deploy/helm/darkroom/files/jobs-to-do.sql')
  const jobsToDo = async (...queues: QueueName[]) => {
    const query = (await readFile(file, 'utf8')).replace('$queues', queues.join(','))
    return execute(sql.raw(query)).then(([row]) => Number(row?.count))
  }

  it('counts what runs and what could run now, in all queues of a pool', async () => {
    const [running = ''] = await addJobs(test.projectId, 3)
    await take(1)
    await claim(running)
    await addJobs(test.projectId, 2, { queue: 'document' })
    await addJobs(test.projectId, 5, { queue: 'document', ageSec: -60 })
    await addJobs(test.projectId, 7, { queue: 'video' })
    const [ended = ''] = await addJobs(test.projectId, 1)
    await end(ended)
    expect(await jobsToDo('image', 'document')).toBe(5)
    await execute(sql`INSERT INTO queue_states (queue, paused_at) VALUES ('image', now())`)
    expect(await jobsToDo('image', 'document')).toBe(3)
    expect(await jobsToDo('audio')).toBe(0)
  })
})
