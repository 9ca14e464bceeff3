import type { QueueOverview } from '@darkroom/contracts'
import type { ReactNode } from 'react'
import { PauseControl } from './pause-control.tsx'
import { isIdle, lanesText, oldestText, queueRemark, rateText } from './queue-words.ts'

/** Shows one queue: its numbers, what is unusual about it, and its pause button. */
export function QueueRow({ queue, now }: { queue: QueueOverview; now: number }) {
  const remark = queueRemark(queue)
  const lanes = lanesText(queue)
  const idle = isIdle(queue)
  return (
    <tr
      data-testid="queue"
      data-queue={queue.queue}
      data-paused={queue.pausedAt !== null || undefined}
      className="border-t border-line align-middle max-md:grid max-md:grid-cols-3 max-md:items-center max-md:gap-x-4 max-md:gap-y-1 max-md:px-4 max-md:py-2 max-md:first:border-t-0"
    >
      <th scope="row" className="py-1 pr-3 text-left font-medium max-md:order-1 max-md:col-span-2 md:max-w-56 md:pl-5">
        {queue.queue}
        {remark && (
          <span
            data-testid="queue-remark"
            className={`block text-xs font-normal wrap-anywhere ${remark.isTrouble ? 'text-bad' : 'text-muted'}`}
          >
            {remark.text}
          </span>
        )}
      </th>
      <Figure label="Queued" isHidden={idle} isStrong={queue.queued > 0}>
        {queue.queued}
        {lanes && <span className="block text-xs font-normal text-muted">{lanes}</span>}
      </Figure>
      <Figure label="Running" isHidden={idle} isStrong={queue.running > 0}>
        {queue.running}
      </Figure>
      <Figure label="Failed" isHidden={idle} isStrong={queue.failed > 0}>
        <span className={queue.failed > 0 ? 'text-bad' : ''}>{queue.failed}</span>
      </Figure>
      <Figure label="Rate" isHidden={idle}>
        {rateText(queue)}
      </Figure>
      <Figure label="Oldest" isHidden={idle}>
        {oldestText(queue, now)}
      </Figure>
      <Figure label="Workers" isHidden={idle}>
        {queue.workers}
        {queue.workers > 0 && `, ${queue.slots} slots`}
      </Figure>
      <td className="px-2 py-1 text-right max-md:order-2 max-md:-mr-3 max-md:px-0">
        <PauseControl name={queue.queue} isPaused={queue.pausedAt !== null} />
      </td>
    </tr>
  )
}

interface FigureProps {
  label: string
  /** On a phone, where all the figures of an idle queue say nothing. */
  isHidden: boolean
  isStrong?: boolean
  children: ReactNode
}

function Figure({ label, isHidden, isStrong = false, children }: FigureProps) {
  return (
    <td
      className={`px-3 py-1 max-md:order-3 max-md:self-start max-md:px-0 ${isHidden ? 'max-md:sr-only' : ''} ${isStrong ? 'font-medium' : 'text-muted'}`}
    >
      <span className="block text-xs font-normal text-muted md:hidden" aria-hidden="true">
        {label}
      </span>
      {children}
    </td>
  )
}
