import type { QueuesOverview } from '@darkroom/contracts'
import { humanBytes } from '../../human-bytes.ts'
import { ChevronIcon } from '../../ui/icons.tsx'
import { dateTime, humanAgo, humanSpan } from '../format/human-time.ts'
import { shortId } from '../format/short-id.ts'

type Worker = QueuesOverview['workers'][number]

/** Lists the living workers. The list is folded, because the sum is mostly enough. */
export function WorkerList({ workers, now }: { workers: Worker[]; now: number }) {
  if (workers.length === 0) {
    return (
      <p data-testid="workers" className="mt-3 text-sm font-medium text-bad">
        No worker is running: nothing is processed until one starts.
      </p>
    )
  }
  const slots = workers.reduce((sum, worker) => sum + worker.slots, 0)
  return (
    <details data-testid="workers" className="group mt-2 text-sm">
      <summary className="-ml-1 flex min-h-11 w-fit cursor-pointer list-none items-center gap-1 rounded-lg pr-3 text-muted hover:text-ink">
        <span className="-rotate-90 transition-transform group-open:rotate-0">
          <ChevronIcon />
        </span>
        {workers.length === 1 ? '1 worker' : `${workers.length} workers`} alive, {slots} slots
      </summary>
      <ul className="divide-y divide-line rounded-2xl border border-line bg-surface px-5 shadow-card">
        {workers.map(worker => (
          <WorkerItem key={worker.id} worker={worker} now={now} />
        ))}
      </ul>
    </details>
  )
}

function WorkerItem({ worker, now }: { worker: Worker; now: number }) {
  const { id, host, version, queues, slots, startedAt, seenAt, drainingAt, load } = worker
  return (
    <li data-testid="worker" className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 py-3">
      <p className="min-w-0 wrap-anywhere">
        <span className="font-medium">{host}</span>{' '}
        <span className="text-muted">
          {shortId(id)} · version {version}
        </span>
        {drainingAt && <span className="ml-2 text-warn">shutting down</span>}
      </p>
      <p className="text-muted">
        {queues.join(', ')} · {slots} slots ·{' '}
        {load && (
          <>
            <span data-testid="worker-load">
              load {load.load.toFixed(1)} of {load.cpus}, {humanBytes(load.memoryBytes)} used,{' '}
              {humanBytes(load.freeBytes)} of {humanBytes(load.totalBytes)} free
            </span>{' '}
            ·{' '}
          </>
        )}
        <time dateTime={startedAt} title={dateTime(startedAt)}>
          up {humanSpan(now - Date.parse(startedAt))}
        </time>{' '}
        · seen {humanAgo(seenAt, now)}
      </p>
    </li>
  )
}
