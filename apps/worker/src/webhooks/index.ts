import { setTimeout as sleep } from 'node:timers/promises'
import { createWakeUp } from '@darkroom/core'
import type { LoggedEvent } from '@darkroom/db/events'
import { type ClaimedDelivery, claimDeliveries, findWebhooksBehind, makeDeliveries } from '@darkroom/db/webhooks'
import { renderMessage } from '@darkroom/webhooks'
import { sendDelivery, type WebhookDeps } from './send-delivery.ts'

/** How soon an event becomes a delivery, at most. */
const POLL_MS = 500
/** Requests of one process. They wait for other servers and cost little meanwhile. */
const MAX_UNDER_WAY = 256
const PER_ENDPOINT = 8
/** Twice the time that a request may take. What a dead process held waits for it, and so do the slots of its endpoint. */
const LEASE_SEC = 30
/** For requests to end by themselves when the process stops. */
const GRACE_MS = 5000

export interface WebhookSender {
  close(): Promise<void>
}

const renderBody = (event: LoggedEvent): string => JSON.stringify(renderMessage(event))

/**
 * Makes deliveries out of the log of events and sends those that are due. Any number of processes may do so at once. No
 * request waits for another's endpoint.
 */
export function startWebhooks(deps: WebhookDeps): WebhookSender {
  const { database, logger, faults } = deps
  const wakeUp = createWakeUp()
  const stop = new AbortController()
  const underWay = new Set<Promise<void>>()
  let isClosing = false
  let madeAt = Number.NEGATIVE_INFINITY

  const send = (claimed: ClaimedDelivery) => {
    const sending = sendDelivery(deps, claimed, stop.signal)
      .catch(error => logger.warn({ err: error }, 'could not store the result of a webhook; sending it again'))
      .finally(() => {
        underWay.delete(sending)
        wakeUp.ring()
      })
    underWay.add(sending)
  }

  const makeAll = async () => {
    for (const endpointId of await findWebhooksBehind(database.db)) {
      await database.db.transaction(async tx => {
        await makeDeliveries(tx, endpointId, renderBody)
        faults.crashpoint('webhooks.before-commit')
      })
      faults.crashpoint('webhooks.after-commit')
    }
  }

  const round = async () => {
    if (performance.now() - madeAt >= POLL_MS) {
      await makeAll()
      madeAt = performance.now()
    }
    const limit = MAX_UNDER_WAY - underWay.size
    if (limit <= 0) return
    for (const claimed of await claimDeliveries(database.db, { limit, perEndpoint: PER_ENDPOINT, leaseSec: LEASE_SEC }))
      send(claimed)
  }

  const loop = async () => {
    while (!isClosing) {
      await round().catch(error => logger.warn({ err: error }, 'could not send webhooks; retrying'))
      if (!isClosing) await wakeUp.wait(POLL_MS)
    }
  }
  const running = loop()

  return {
    async close() {
      isClosing = true
      wakeUp.ring()
      await running
      const ended = Promise.all(underWay)
      await Promise.race([ended, sleep(GRACE_MS, undefined, { ref: false })])
      stop.abort()
      await ended
    },
  }
}
