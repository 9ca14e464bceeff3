import { createHmac } from 'node:crypto'
import type { Logger } from '../logger.ts'
import type { OutboxEntry } from '../store/outbox.ts'
import type { Store } from '../store/store.ts'
import { type EventRule, ruleId } from './event-sink.ts'

const deliveryTimeoutMs = 3000
const firstRetryMs = 250
const maxRetryMs = 30_000
const maxAttempts = 50
const concurrency = 4

/** Returns B2's header `X-Bz-Event-Notification-Signature`: HMAC-SHA256 of the raw body, in lower-case hex. */
export function signEvent(body: string, secret: string): string {
  return `v1=${createHmac('sha256', secret).update(body).digest('hex')}`
}

async function post(rule: EventRule, body: string, signal: AbortSignal): Promise<string | undefined> {
  const headers: Record<string, string> = { 'content-type': 'application/json', 'user-agent': 'local-b2-events' }
  if (rule.secret !== undefined) headers['x-bz-event-notification-signature'] = signEvent(body, rule.secret)
  try {
    const timeout = AbortSignal.any([signal, AbortSignal.timeout(deliveryTimeoutMs)])
    const response = await fetch(rule.url, { method: 'POST', headers, body, redirect: 'manual', signal: timeout })
    await response.body?.cancel()
    return response.status === 200 ? undefined : `status ${response.status}`
  } catch (cause) {
    return String(cause)
  }
}

/** Delivers the outbox at least once: anything but a 200 within 3 s is tried again, later and later. */
export function startEventDelivery(store: Store, rules: () => readonly EventRule[], logger: Logger) {
  const stopped = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let round: Promise<void> | undefined

  async function deliver(entry: OutboxEntry): Promise<void> {
    const rule = rules().find(each => ruleId(each) === entry.rule)
    const failure = rule && (await post(rule, entry.body, stopped.signal))
    if (stopped.signal.aborted && failure !== undefined) return
    if (failure === undefined) {
      await store.commit(transaction => store.outbox.remove(transaction, entry.id))
      return
    }
    const attempts = entry.attempts + 1
    if (attempts >= maxAttempts) {
      logger.error({ rule: entry.rule, attempts, failure }, 'event notification given up')
      await store.commit(transaction => store.outbox.remove(transaction, entry.id))
      return
    }
    const delay = Math.min(firstRetryMs * 2 ** entry.attempts, maxRetryMs)
    logger.warn({ rule: entry.rule, attempts, failure, delay }, 'event notification failed, will be sent again')
    await store.commit(transaction => store.outbox.postpone(transaction, entry.id, Date.now() + delay))
  }

  async function drain(): Promise<void> {
    for (;;) {
      const due = store.outbox.due(Date.now(), concurrency)
      if (due.length === 0 || stopped.signal.aborted) return
      await Promise.all(due.map(deliver))
    }
  }

  function schedule() {
    const earliest = store.outbox.earliest()
    if (earliest === undefined || stopped.signal.aborted) return
    clearTimeout(timer)
    timer = setTimeout(wake, Math.max(0, earliest - Date.now()))
  }

  function wake() {
    if (round || stopped.signal.aborted) return
    round = drain()
      .catch((cause: unknown) => logger.error({ cause }, 'event delivery failed'))
      .finally(() => {
        round = undefined
        if (!stopped.signal.aborted) schedule()
      })
  }

  wake()
  return {
    wake,
    async close() {
      stopped.abort()
      clearTimeout(timer)
      await round
    },
  }
}
