import type { QueueOverview } from '@darkroom/contracts'
import { QueueRow } from './queue-row.tsx'

const COLUMNS = ['Queue', 'Queued', 'Running', 'Failed', 'Rate', 'Oldest', 'Workers']

/** Shows the queues as a table; on a phone each row becomes a small card. */
export function QueueTable({ queues, now }: { queues: QueueOverview[]; now: number }) {
  return (
    <div className="rounded-2xl border border-line bg-surface shadow-card">
      <table className="w-full text-sm max-md:block">
        <thead className="text-left text-xs text-muted max-md:sr-only">
          <tr>
            {COLUMNS.map((name, index) => (
              <th key={name} scope="col" className={`px-3 py-3 font-normal ${index === 0 ? 'pl-5' : ''}`}>
                {name}
              </th>
            ))}
            <th scope="col" className="px-3">
              <span className="sr-only">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody className="max-md:block">
          {queues.map(queue => (
            <QueueRow key={queue.queue} queue={queue} now={now} />
          ))}
        </tbody>
      </table>
    </div>
  )
}
