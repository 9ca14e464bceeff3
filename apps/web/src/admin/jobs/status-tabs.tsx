import type { JobStatus } from '@darkroom/contracts'
import { useEffect, useRef } from 'react'
import { Link } from '../../routing/link.tsx'
import { type JobFilter, searchOf } from '../filter/job-filter.ts'
import { STATUS_WORDS } from '../format/job-words.ts'
import { StatusDot } from '../parts/status-dot.tsx'

const STATUSES = [...(Object.keys(STATUS_WORDS) as JobStatus[]), 'all'] as const

/** One link for each status, so that each is a place to come back to. On a phone they scroll sideways. */
export function StatusTabs({ filter }: { filter: JobFilter }) {
  const nav = useRef<HTMLElement>(null)
  // The current one may be beyond the edge.
  useEffect(() => {
    const current = nav.current?.querySelector<HTMLElement>(`[data-testid="status-${filter.status}"]`)
    if (nav.current && current) nav.current.scrollLeft = current.offsetLeft - nav.current.clientWidth / 2
  }, [filter.status])
  return (
    <nav ref={nav} aria-label="Job status" className="relative -mx-4 mb-3 overflow-x-auto px-4 sm:mx-0 sm:px-0">
      <ul className="flex w-max gap-1 py-1">
        {STATUSES.map(status => (
          <li key={status}>
            <Link
              href={`/admin${searchOf({ ...filter, status })}`}
              data-testid={`status-${status}`}
              aria-current={filter.status === status ? 'true' : undefined}
              className="inline-flex min-h-11 items-center gap-2 rounded-full border border-transparent px-4 text-sm font-medium text-muted hover:bg-sunken hover:text-ink aria-[current]:border-edge aria-[current]:bg-surface aria-[current]:text-ink"
            >
              {status !== 'all' && <StatusDot status={status} />}
              {status === 'all' ? 'All' : STATUS_WORDS[status]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
