import { setTimeout as sleep } from 'node:timers/promises'
import type { JobPayload } from '@darkroom/contracts'
import { isAppError, type Logger, newId, silentLogger } from '@darkroom/core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { openBull } from '../src/executor/bull.ts'
import {
  createJobQueues,
  createQueueWorker,
  type JobQueues,
  type QueueBackendConfig,
  type QueueEntry,
  type QueueWorker,
} from '../src/executor/index.ts'
import { COMMAND_TIMEOUT_MS, CONNECT_TIMEOUT_MS, HAND_BACK_UNTIL_MS, IDLE_WAIT_SEC } from '../src/executor/settings.ts'

/** A backend that a contract run owns: it may take it away, bring it back and empty it. */
export interface ContractBackend {
  config: QueueBackendConfig
  stop(): Promise<void>
  start(): Promise<void>
  wipe(): Promise<void>
  remove(): Promise<void>
}

const QUEUE = 'image'
const unavailable = expect.objectContaining({ code: 'UNAVAILABLE' })

export const entry = (priority = 0): QueueEntry => {
  const jobId = newId()
  return { dispatchId: `${jobId}-1`, payload: { v: 1, jobId }, priority }
}

/** Polls until the condition holds; fails with its name after `timeoutMs`. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const end = Date.now() + timeoutMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`not within ${timeoutMs} ms: ${what}`)
    await sleep(10)
  }
}

function recordingLogger() {
  const lines: { level: string; message: string }[] = []
  const record =
    (level: string) =>
    (_fields: unknown, message = '') => {
      lines.push({ level, message })
    }
  const own = { ...silentLogger, warn: record('warn'), error: record('error'), child: (): unknown => own }
  const logger = own as unknown as Logger
  return { logger, lines }
}

/** Checks the contract that every backend of the queue fulfils. */
export function jobQueueContract(name: string, makeBackend: () => Promise<ContractBackend>): void {
  describe(`job queue on ${name}`, () => {
    let backend: ContractBackend
    let queues: JobQueues
    let workers: QueueWorker[] = []

    beforeAll(async () => {
      backend = await makeBackend()
    })
    beforeEach(async () => {
      queues = await createJobQueues(backend.config, { logger: silentLogger })
    })
    afterEach(async () => {
      await Promise.all(workers.map(worker => worker.close({ force: true })))
      workers = []
      await queues.close()
      await backend.wipe()
    })
    afterAll(() => backend?.remove())

    const work = async (
      run: (payload: JobPayload, signal?: AbortSignal) => Promise<void>,
      {
        concurrency = 1,
        logger = silentLogger,
        reserved = false,
      }: { concurrency?: number; logger?: Logger; reserved?: boolean } = {},
    ) => {
      const worker = await createQueueWorker(backend.config, { logger }, { queue: QUEUE, concurrency, run, reserved })
      workers.push(worker)
      return worker
    }
    /** Waits until nothing waits or runs, and BullMQ has forgotten what ended: an entry that runs is no longer `waiting`. */
    const untilEmpty = () =>
      until('the queue is empty', async () => {
        const { waiting, active } = await queues.counts(QUEUE)
        return waiting === 0 && active === 0
      })
    const addAll = async (entries: QueueEntry[]) => {
      for (const item of entries) await queues.add(QUEUE, item)
    }
    /** Puts data into the queue that `add` would refuse. */
    const addRaw = async (data: unknown, timestamp = Date.now()) => {
      const bull = await openBull(backend.config, { logger: silentLogger }, 'queues')
      const queue = bull.openQueue(QUEUE)
      const dispatchId = `${newId()}-1`
      await queue.add('job', data, { jobId: dispatchId, timestamp })
      await queue.close()
      await bull.close()
      return dispatchId
    }

    it('names its backend and answers a check', async () => {
      expect(queues.backend).toBe(backend.config.kind)
      await expect(queues.check()).resolves.toBeUndefined()
    })

    it('runs what was added, with its payload, and forgets it', async () => {
      const item = entry()
      const ran: JobPayload[] = []
      await work(async payload => void ran.push(payload))
      await queues.add(QUEUE, item)
      await until('it ran', () => ran.length === 1)
      expect(ran).toEqual([item.payload])
      await untilEmpty()
    })

    it('runs what was added before the worker came', async () => {
      const items = [entry(), entry(7)]
      await addAll(items)
      const ran: string[] = []
      await work(async ({ jobId }) => void ran.push(jobId))
      await until('both ran', () => ran.length === 2)
      expect(ran).toEqual(items.map(item => item.payload.jobId))
    })

    it('keeps queues apart', async () => {
      const ran: string[] = []
      await work(async ({ jobId }) => void ran.push(jobId))
      const elsewhere = entry()
      await queues.add('video', elsewhere)
      const here = entry()
      await queues.add(QUEUE, here)
      await until('it ran', () => ran.length === 1)
      expect(ran).toEqual([here.payload.jobId])
      expect((await queues.waiting('video')).has(elsewhere.dispatchId)).toBe(true)
      expect((await queues.waiting(QUEUE)).has(elsewhere.dispatchId)).toBe(false)
    })

    it.each([
      ['an id of digits only', { ...entry(), dispatchId: '12345' }],
      ['an id with a colon', { ...entry(), dispatchId: 'a:1' }],
      ['an empty id', { ...entry(), dispatchId: '' }],
      ['a payload of another version', { ...entry(), payload: { v: 2, jobId: newId() } }],
      ['a payload with a field too many', { ...entry(), payload: { v: 1, jobId: newId(), url: 'x' } }],
      ['a negative priority', entry(-1)],
      ['a fractional priority', entry(0.5)],
    ])('refuses %s', async (_title, item) => {
      await expect(queues.add(QUEUE, item as QueueEntry)).rejects.toMatchObject({ code: 'INTERNAL' })
      expect((await queues.counts(QUEUE)).waiting).toBe(0)
    })

    it('ignores an id that is still known, waiting or active', async () => {
      const item = entry(3)
      await addAll([item, item, { ...item, priority: 0 }])
      expect((await queues.counts(QUEUE)).waiting).toBe(1)
      let ran = 0
      const gate = Promise.withResolvers<void>()
      await work(
        async () => {
          ran++
          await gate.promise
        },
        { concurrency: 4 },
      )
      await until('it is active', () => ran === 1)
      await queues.add(QUEUE, item)
      expect(await queues.counts(QUEUE)).toEqual({ waiting: 0, active: 1 })
      gate.resolve()
      await untilEmpty()
      expect(ran).toBe(1)
    })

    it('counts waiting entries of every priority, and active ones apart', async () => {
      await addAll([entry(), entry(1), entry(5)])
      expect((await queues.counts(QUEUE)).waiting).toBe(3)
      const gate = Promise.withResolvers<void>()
      const worker = await work(() => gate.promise)
      await until('one is active', () => worker.active === 1)
      expect(await queues.counts(QUEUE)).toEqual({ waiting: 2, active: 1 })
      expect((await queues.counts(QUEUE)).waiting).toBe(2)
      gate.resolve()
      await until('all ran', async () => (await queues.counts(QUEUE)).waiting === 0 && worker.active === 0)
    })

    it('knows a waiting and a prioritized entry, and no other: one that was taken is claimed in its row', async () => {
      const [running, plain, prioritized] = [entry(), entry(), entry(9)]
      const gate = Promise.withResolvers<void>()
      await queues.add(QUEUE, running)
      const worker = await work(() => gate.promise)
      await until('one is active', () => worker.active === 1)
      await addAll([plain, prioritized])
      for (const item of [plain, prioritized]) expect((await queues.waiting(QUEUE)).has(item.dispatchId)).toBe(true)
      for (const item of [running, entry()]) expect((await queues.waiting(QUEUE)).has(item.dispatchId)).toBe(false)
      gate.resolve()
    })

    it('gives reserved entries to reserved workers, and neither to the other', async () => {
      const [shared, reserved] = [entry(), { ...entry(), isReserved: true }]
      await addAll([shared, reserved])
      expect(await queues.waiting(QUEUE)).toEqual(new Set([shared.dispatchId, reserved.dispatchId]))
      expect(await queues.counts(QUEUE)).toEqual({ waiting: 2, active: 0 })
      const ran: string[] = []
      await work(async ({ jobId }) => void ran.push(`reserved ${jobId}`), { reserved: true })
      await until('one ran', () => ran.length === 1)
      await until('one waits', async () => (await queues.counts(QUEUE)).waiting === 1)
      await work(async ({ jobId }) => void ran.push(`shared ${jobId}`))
      await until('both ran', () => ran.length === 2)
      expect(ran).toEqual([`reserved ${reserved.payload.jobId}`, `shared ${shared.payload.jobId}`])
      const waiting = { ...entry(), isReserved: true }
      await Promise.all(workers.splice(0).map(worker => worker.close()))
      await queues.add(QUEUE, waiting)
      await queues.remove(QUEUE, waiting.dispatchId)
      expect(await queues.waiting(QUEUE)).toEqual(new Set())
    })

    it('removes what waits, and neither what runs nor what it does not know', async () => {
      const [running, waiting] = [entry(), entry(2)]
      const gate = Promise.withResolvers<void>()
      const ran: string[] = []
      await queues.add(QUEUE, running)
      const worker = await work(async ({ jobId }) => {
        ran.push(jobId)
        await gate.promise
      })
      await until('one is active', () => worker.active === 1)
      await queues.add(QUEUE, waiting)
      await queues.remove(QUEUE, waiting.dispatchId)
      await queues.remove(QUEUE, running.dispatchId)
      await queues.remove(QUEUE, entry().dispatchId)
      expect((await queues.waiting(QUEUE)).has(waiting.dispatchId)).toBe(false)
      expect(worker.active).toBe(1)
      gate.resolve()
      await until('it ended', async () => worker.active === 0)
      expect(ran).toEqual([running.payload.jobId])
    })

    it('runs the lowest priority number first, and one priority in order of arrival', async () => {
      const items = [entry(30), entry(0), entry(20), entry(10), entry(0), entry(20)]
      await addAll(items)
      const ran: string[] = []
      await work(async ({ jobId }) => void ran.push(jobId))
      await until('all ran', () => ran.length === items.length)
      const expected = [1, 4, 3, 2, 5, 0].map(index => items[index]?.payload.jobId)
      expect(ran).toEqual(expected)
    })

    it('runs as many at a time as its concurrency, also when that changes', async () => {
      let inFlight = 0
      let most = 0
      let ended = 0
      let gate = Promise.withResolvers<void>()
      const run = async () => {
        most = Math.max(most, ++inFlight)
        await gate.promise
        await sleep(20)
        inFlight--
        ended++
      }
      const worker = await work(run, { concurrency: 3 })
      await addAll(Array.from({ length: 20 }, () => entry()))
      await until('three run', () => inFlight === 3)
      gate.resolve()
      await until('all ran', () => ended === 20)
      expect(most).toBe(3)
      gate = Promise.withResolvers()
      worker.setConcurrency(5)
      await addAll(Array.from({ length: 25 }, () => entry()))
      await until('five run', () => inFlight === 5)
      gate.resolve()
      await until('all ran', () => ended === 45)
      expect(most).toBe(5)
    })

    it('gives each entry to one of several workers', async () => {
      const items = Array.from({ length: 200 }, () => entry())
      const ran: string[] = []
      const run = async ({ jobId }: JobPayload) => void ran.push(jobId)
      await Promise.all([work(run, { concurrency: 4 }), work(run, { concurrency: 4 }), work(run, { concurrency: 4 })])
      await Promise.all(items.map(item => queues.add(QUEUE, item)))
      await until('all ran', () => ran.length >= items.length)
      expect(ran.toSorted()).toEqual(items.map(item => item.payload.jobId).toSorted())
    })

    it('hands an entry of a newer payload version back: logged, not run, still known', async () => {
      const { logger, lines } = recordingLogger()
      const dispatchId = await addRaw({ v: 2, jobId: newId() })
      const run = vi.fn(async () => undefined)
      await work(run, { logger })
      await until('it is logged', () => lines.some(line => line.message.includes('handed back')))
      const next = entry()
      await queues.add(QUEUE, next)
      await until('the next one ran', () => run.mock.calls.length === 1)
      expect(run).toHaveBeenCalledWith(next.payload, expect.anything())
      expect((await queues.waiting(QUEUE)).has(dispatchId)).toBe(true)
      expect((await queues.counts(QUEUE)).waiting).toBe(0)
      expect(lines).toEqual([{ level: 'warn', message: expect.stringContaining('handed back') }])
    })

    it.each([
      ['of a newer version for which no worker came', { v: 2, jobId: newId() }, HAND_BACK_UNTIL_MS + 1000],
      ['of an older version', { v: 0, jobId: newId() }, 0],
      ['that nobody understands', { hello: 'world' }, 0],
    ])('drops an entry %s: logged, not run, no longer known', async (_title, data, ageMs) => {
      const { logger, lines } = recordingLogger()
      const dispatchId = await addRaw(data, Date.now() - ageMs)
      const run = vi.fn(async () => undefined)
      await work(run, { logger })
      await until('it is logged', () => lines.some(line => line.level === 'error' && line.message.includes('dropped')))
      await untilEmpty()
      expect((await queues.waiting(QUEUE)).has(dispatchId)).toBe(false)
      expect(run).not.toHaveBeenCalled()
    })

    it('logs a run that throws, forgets the entry and goes on', async () => {
      const { logger, lines } = recordingLogger()
      const ran: string[] = []
      const items = [entry(), entry(), entry()]
      await work(
        async ({ jobId }) => {
          ran.push(jobId)
          if (jobId === items[0]?.payload.jobId) throw new Error('boom')
        },
        { logger },
      )
      await addAll(items)
      await until('all ran', () => ran.length === 3)
      expect(lines).toContainEqual({ level: 'error', message: expect.stringContaining('threw') })
      await untilEmpty()
      expect(ran).toEqual(items.map(item => item.payload.jobId))
    })

    it('keeps nothing of an entry that ended, well or badly', async () => {
      const item = entry()
      let ran = 0
      await work(async () => {
        if (++ran % 2 === 1) throw new Error('boom')
      })
      for (const times of [1, 2, 3]) {
        await queues.add(QUEUE, item) // a kept id would silently block this
        await until(`it ran ${times} times`, () => ran === times)
        await untilEmpty()
      }
    })

    it('waits for the runs in flight when closed, and takes no more', async () => {
      const ended: string[] = []
      const gate = Promise.withResolvers<void>()
      let aborted = false
      const items = [entry(), entry(), entry()]
      const worker = await work(
        async ({ jobId }, signal) => {
          await gate.promise
          aborted ||= signal?.aborted ?? false
          ended.push(jobId)
        },
        { concurrency: 2 },
      )
      await addAll(items)
      await until('two are active', () => worker.active === 2)
      const closing = Promise.all([worker.close(), worker.close()])
      gate.resolve()
      await closing
      expect(ended.toSorted()).toEqual(items.slice(0, 2).map(item => item.payload.jobId))
      expect(aborted).toBe(false)
      expect(worker.active).toBe(0)
      expect(await queues.counts(QUEUE)).toEqual({ waiting: 1, active: 0 })
    })

    it('closes at once when idle', async () => {
      const worker = await work(async () => undefined)
      await sleep(100)
      const from = Date.now()
      await worker.close()
      expect(Date.now() - from).toBeLessThan(IDLE_WAIT_SEC.redis * 1000 - 1000)
    })

    it('aborts the signal and does not wait when closed by force', async () => {
      const aborted = Promise.withResolvers<unknown>()
      const gate = Promise.withResolvers<void>()
      const worker = await work(async (_payload, signal) => {
        await new Promise<void>(resolve => signal?.addEventListener('abort', () => resolve()))
        aborted.resolve(signal?.reason)
        await gate.promise
      })
      await queues.add(QUEUE, entry())
      await until('it is active', () => worker.active === 1)
      await worker.close({ force: true })
      expect(worker.active).toBe(1)
      expect(await aborted.promise).toBe('the worker is shutting down')
      gate.resolve()
    })

    it('refuses to start, quickly, when the backend is down', async () => {
      const run = async () => undefined
      await backend.stop()
      try {
        const from = Date.now()
        await expect(createJobQueues(backend.config, { logger: silentLogger })).rejects.toEqual(unavailable)
        await expect(
          createQueueWorker(backend.config, { logger: silentLogger }, { queue: QUEUE, concurrency: 1, run }),
        ).rejects.toEqual(unavailable)
        expect(Date.now() - from).toBeLessThan(CONNECT_TIMEOUT_MS)
      } finally {
        await backend.start()
      }
    })

    it('fails at once while the backend is down, and works again when it is back, the worker too', async () => {
      const ran: string[] = []
      const worker = await work(async ({ jobId }) => void ran.push(jobId), { concurrency: 2 })
      await queues.add(QUEUE, entry())
      await until('the first ran', () => ran.length === 1)

      await backend.stop()
      const from = Date.now()
      const failures = await Promise.allSettled([queues.add(QUEUE, entry()), queues.waiting(QUEUE), queues.check()])
      expect(Date.now() - from).toBeLessThan(COMMAND_TIMEOUT_MS)
      for (const failure of failures)
        expect(failure.status === 'rejected' && isAppError(failure.reason, 'UNAVAILABLE')).toBe(true)
      await sleep(1500) // long enough for every connection to notice
      await backend.start()

      await until('it answers again', () =>
        queues.check().then(
          () => true,
          () => false,
        ),
      )
      const late = entry()
      await queues.add(QUEUE, late)
      await until('the worker is back', () => ran.includes(late.payload.jobId), 10_000)
      expect(worker.active).toBe(0)
    })

    it('lets a run go on while the backend restarts, and takes the next afterwards', async () => {
      const gate = Promise.withResolvers<void>()
      const seen: { jobId: string; aborted: boolean | undefined }[] = []
      const worker = await work(async ({ jobId }, signal) => {
        await gate.promise
        seen.push({ jobId, aborted: signal?.aborted })
      })
      const first = entry()
      await queues.add(QUEUE, first)
      await until('it is active', () => worker.active === 1)
      await backend.stop()
      await sleep(300)
      await backend.start()
      gate.resolve()
      await until('it ended', () => seen.length === 1)
      expect(seen).toEqual([{ jobId: first.payload.jobId, aborted: false }])
      const next = entry()
      await until('it can be added', () =>
        queues.add(QUEUE, next).then(
          () => true,
          () => false,
        ),
      )
      await until('the next ran', () => seen.length === 2, 15_000)
      expect(seen[1]?.jobId).toBe(next.payload.jobId)
    })
  })
}
