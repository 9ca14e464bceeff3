import { Readiness } from '@darkroom/contracts'
import { openAlarms } from '@darkroom/db/operations'
import { explainStoreFailure } from '@darkroom/storage'
import type { FastifyBaseLogger } from 'fastify'
import { z } from 'zod'
import type { ApiDeps } from '../../deps.ts'
import { type Route, withZod } from '../route.ts'
import { KnownCause } from './known-cause.ts'
import { createOriginalsCheck } from './private-originals.ts'

const CHECK_TIMEOUT_MS = 5000

/** Answers as long as the process runs (liveness). */
export const healthRoute: Route = app => {
  withZod(app).get(
    '/healthz',
    {
      schema: {
        operationId: 'getHealth',
        tags: ['System'],
        summary: 'Liveness check',
        response: { 200: z.object({ status: z.literal('ok') }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  )
}

/** Answers 200 when the parts that the process needs answer as well (readiness). */
export const readinessRoute: Route = (app, deps) => {
  const checkOriginals = createOriginalsCheck(deps)
  withZod(app).get(
    '/readyz',
    {
      schema: {
        operationId: 'getReadiness',
        tags: ['System'],
        summary: 'Readiness check',
        response: { 200: Readiness, 503: Readiness },
      },
    },
    async (request, reply) => {
      const { database, queues } = deps
      // At the same time: who asks waits for the slowest alone, and hears the sooner that this process is draining.
      const [ofDatabase, ofQueue, ofStore] = await Promise.all([
        timed(request.log, () => database.ping()),
        timed(request.log, () => queues.check()),
        timed(request.log, () => checkStore(deps, checkOriginals)),
      ])
      const checks = { database: ofDatabase, queue: ofQueue, store: ofStore }
      // A balancer shall send nobody here any more, although everything still works.
      const status = app.connections.isDraining ? 'draining' : statusOf(Object.values(checks))
      return reply.code(IS_READY[status] ? 200 : 503).send({ status, checks })
    },
  )
}

const IS_READY: Record<Readiness['status'], boolean> = { ok: true, degraded: true, draining: false, failed: false }

function statusOf(checks: Check[]): 'ok' | 'degraded' | 'failed' {
  if (checks.some(({ state }) => state === 'failed')) return 'failed'
  return checks.some(({ state }) => state === 'full') ? 'degraded' : 'ok'
}

/**
 * Checks whether the store is full: as the embedded store reports of its disk, or as an open alarm says of a cap at B2.
 */
async function checkStore(
  { database, store, settings }: ApiDeps,
  checkOriginals: () => Promise<void>,
): Promise<{ isFull: boolean }> {
  const { isFull } = await store.check(settings.privateBucket).catch(explained)
  await checkOriginals()
  if (isFull) return { isFull }
  // Whether the database answers is told of the database.
  const alarms = await openAlarms(database.db).catch(() => [])
  return { isFull: alarms.some(({ code }) => code === 'STORE_CAP_EXCEEDED') }
}

/** Throws the error in the words of `darkroom doctor` where its cause is known, and else as it is. */
function explained(cause: unknown): never {
  const known = explainStoreFailure(cause)
  throw known ? new KnownCause(`${known.reason}; \`npx darkroom doctor\` says what to do`, { cause }) : cause
}

type Check = Readiness['checks']['database']

async function timed(log: FastifyBaseLogger, check: () => Promise<unknown>): Promise<Check> {
  const start = performance.now()
  const latencyMs = () => Math.round(performance.now() - start)
  try {
    const found = await Promise.race([check(), timeout()])
    if (isFull(found)) return { state: 'full', latencyMs: latencyMs(), detail: 'the store is full' }
    return { state: 'ok', latencyMs: latencyMs() }
  } catch (error) {
    log.warn({ err: error }, 'a service that the API needs cannot be used')
    // Anybody may ask, and the text of another error may name hosts.
    const detail = error instanceof KnownCause ? error.message : 'does not respond; see the log'
    return { state: 'failed', latencyMs: latencyMs(), detail }
  }
}

const isFull = (found: unknown): boolean =>
  typeof found === 'object' && found !== null && 'isFull' in found && found.isFull === true

const timeout = () =>
  new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error(`no response within ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS).unref()
  })
