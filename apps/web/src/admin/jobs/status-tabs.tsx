import type { JobStatus } from '@darkroom/contracts'
import { LinkTabs } from '../../ui/link-tabs.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { type JobFilter, searchOf } from '../filter/job-filter.ts'
import { STATUS_WORDS } from '../format/job-words.ts'

const STATUSES = [...(Object.keys(STATUS_WORDS) as JobStatus[]), 'all'] as const

export function StatusTabs({ filter }: { filter: JobFilter }) {
  const tabs = STATUSES.map(status => ({
    link: { to: '/operations', search: searchOf({ ...filter, status }) } as const,
    testId: `status-${status}`,
    isCurrent: filter.status === status,
    label:
      status === 'all' ? (
        'All'
      ) : (
        <>
          <StatusDot status={status} />
          {STATUS_WORDS[status]}
        </>
      ),
  }))
  return <LinkTabs label="Job status" tabs={tabs} />
}
