import { Readiness } from '@darkroom/contracts'
import type { FastifyBaseLogger } from 'fastify'
import { z } from 'zod'
import { type Route, withZod } from '../route.ts'

const CHECK_TIMEOUT_MS = 5000

/** The process answers. */
export const healthRoute: Route = app => {
  withZod(app).get(
    '/healthz',
    {
      schema: {
        operationId: 'getHealth',
        tags: ['System'],
        summary: 'Is the process alive',
        response: { 200: z.object({ status: z.literal('ok') }) },
      },
    },
    async () => ({ status: 'ok' as const }),
  )
}

/** The parts that the process needs answer as well. */
export const readinessRoute: Route = (app, deps) => {
  withZod(app).get(
    '/readyz',
    {
      schema: {
        operationId: 'getReadiness',
        tags: ['System'],
        summary: 'Can it do its work',
        response: { 200: Readiness, 503: Readiness },
      },
    },
    async (request, reply) => {
      const { database, queues, store, settings } = deps
      const checks = {
        database: await timed(request.log, () => database.ping()),
        queue: await timed(request.log, () => queues.check()),
        store: await timed(request.log, () => store.check(settings.privateBucket)),
      }
      const answers = Object.values(checks).every(check => check.state === 'ok')
      // A balancer shall send nobody here any more, although everything still works.
      const status = app.connections.isDraining ? 'draining' : answers ? 'ok' : 'failed'
      return reply.code(status === 'ok' ? 200 : 503).send({ status, checks })
    },
  )
}

async function timed(log: FastifyBaseLogger, check: () => Promise<unknown>): Promise<Readiness['checks']['database']> {
  const start = performance.now()
  const latencyMs = () => Math.round(performance.now() - start)
  try {
    await Promise.race([check(), timeout()])
    return { state: 'ok', latencyMs: latencyMs() }
  } catch (error) {
    // Anybody may ask, and the text of the error may name hosts.
    log.warn({ err: error }, 'a part that the API needs does not answer')
    return { state: 'failed', latencyMs: latencyMs(), detail: 'does not answer; the log says why' }
  }
}

const timeout = () =>
  new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error(`no answer within ${CHECK_TIMEOUT_MS} ms`)), CHECK_TIMEOUT_MS).unref()
  })
