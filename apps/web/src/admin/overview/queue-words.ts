import type { QueueOverview } from '@darkroom/contracts'
import { humanSpan } from '../format/human-time.ts'

/** Returns the most urgent remark about a queue: it is paused, or no worker serves it. */
export function queueRemark(queue: QueueOverview): { text: string; isTrouble: boolean } | null {
  if (queue.pausedAt) {
    const by = queue.pausedBy === 'alarm' ? 'Paused by an alarm' : 'Paused'
    return { text: queue.reason ? `${by}: ${queue.reason}` : by, isTrouble: queue.pausedBy === 'alarm' }
  }
  if (queue.workers > 0) return null
  return { text: 'No worker serves this queue', isTrouble: queue.queued > 0 }
}

/** Tells whether nothing waits, runs or has failed, so that one word is enough. */
export const isIdle = (queue: QueueOverview): boolean =>
  queue.queued + queue.running + queue.failed + queue.succeededLastMinute + queue.failedLastMinute === 0

/**
 * Describes what waits in each lane, without empty lanes. A non-breaking space keeps a number with its lane. '' when a
 * single lane would only repeat the sum.
 */
export function lanesText({ queuedByLane, queued }: QueueOverview): string {
  const waiting = Object.entries(queuedByLane).filter(([, count]) => count > 0)
  if (queued === 0 || (waiting.length === 1 && waiting[0]?.[0] === 'interactive')) return ''
  return waiting.map(([lane, count]) => `${count}\u00a0${lane}`).join(', ')
}

/** Describes the jobs of the last minute. */
export function rateText({ succeededLastMinute, failedLastMinute }: QueueOverview): string {
  const failed = failedLastMinute > 0 ? `, ${failedLastMinute}\u00a0failed` : ''
  return `${succeededLastMinute}/min${failed}`
}

export const oldestText = ({ oldestQueuedAt }: QueueOverview, now: number): string =>
  oldestQueuedAt ? humanSpan(now - Date.parse(oldestQueuedAt)) : '–'
