import type { Webhook, WebhookDelivery } from '@darkroom/contracts'
import { humanAgo, humanSpan } from '../format/human-time.ts'

const DISABLED_WORDS: Record<NonNullable<Webhook['disabledReason']>, string> = {
  owner: 'Disabled manually',
  gone: 'Disabled: it responded with 410 Gone',
  failing: 'Disabled: every delivery failed for days',
}

type State = Pick<Webhook, 'enabled' | 'disabledReason' | 'disabledAt' | 'failingSince'>

/** Describes the state of an endpoint in words, with the status that gives the colour. */
export function webhookState(webhook: State, now: number): { status: string; text: string } {
  const { enabled, disabledReason, disabledAt, failingSince } = webhook
  if (!enabled) {
    const words = disabledReason ? DISABLED_WORDS[disabledReason] : 'Disabled'
    const isTrouble = disabledReason !== 'owner'
    return {
      status: isTrouble ? 'failed' : 'disabled',
      text: disabledAt ? `${words}, ${humanAgo(disabledAt, now)}` : words,
    }
  }
  if (failingSince) return { status: 'partial', text: `Failing for ${humanSpan(now - Date.parse(failingSince))}` }
  return { status: 'ready', text: 'Enabled' }
}

/** Lists the events that an endpoint receives. */
export const eventsText = ({ events }: Pick<Webhook, 'events'>): string => events?.join(', ') ?? 'all events'

/** Says what came back of an attempt: `204`, or why nothing did. */
export const answerText = ({ status, error }: Pick<WebhookDelivery['attempts'][number], 'status' | 'error'>): string =>
  status === null ? (error?.code === 'URL_TIMEOUT' ? 'timeout' : 'no response') : String(status)

type Course = Pick<WebhookDelivery, 'status' | 'attempts' | 'nextAttemptAt' | 'settledAt' | 'createdAt'>

/** Describes the state of a delivery: `delivered 3 min ago, 1 attempt`. */
export function deliveryText({ status, attempts, nextAttemptAt, settledAt, createdAt }: Course, now: number): string {
  const count = attempts.length
  const tries = count === 0 ? 'no attempts yet' : `${count} ${count === 1 ? 'attempt' : 'attempts'}`
  if (status !== 'pending') return `${status} ${humanAgo(settledAt ?? createdAt, now)}, ${tries}`
  const waitMs = nextAttemptAt ? Date.parse(nextAttemptAt) - now : 0
  return `${waitMs > 0 ? `next attempt in ${humanSpan(waitMs)}` : 'sending now'}, ${tries}`
}
