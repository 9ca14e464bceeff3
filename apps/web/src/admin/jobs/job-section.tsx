import { useNavigate } from '@tanstack/react-router'
import { Button } from '../../ui/button.tsx'
import { LoadMore } from '../../ui/load-more.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Section } from '../../ui/section.tsx'
import { useNow } from '../../ui/use-now.ts'
import { DEFAULT_FILTER, isNarrowed, type JobFilter, searchOf } from '../filter/job-filter.ts'
import { QueryProblem } from '../shared/query-problem.tsx'
import { BulkRequeue } from './bulk-requeue.tsx'
import { FilterBar } from './filter-bar.tsx'
import { JobRow } from './job-row.tsx'
import { StatusTabs } from './status-tabs.tsx'
import type { useJobs } from './use-jobs.ts'

interface JobSectionProps {
  filter: JobFilter
  list: ReturnType<typeof useJobs>
}

/** Returns what shows other jobs: the address holds the filter. */
function useShowOnly() {
  const navigate = useNavigate()
  return (filter: JobFilter) => void navigate({ to: '/operations', search: searchOf(filter) })
}

/** Lists the jobs that match the filter of the URL. */
export function JobSection({ filter, list }: JobSectionProps) {
  const { jobs, error, isPending, isPlaceholderData, refetch } = list
  const now = useNow()
  const showOnly = useShowOnly()
  const search = searchOf(filter)
  const codes = [...new Set(jobs.flatMap(({ error }) => error?.code ?? []))].toSorted()
  return (
    <Section title="Jobs" testId="jobs" actions={<BulkRequeue filter={filter} isEmpty={jobs.length === 0} />}>
      <StatusTabs filter={filter} />
      <FilterBar filter={filter} codes={codes} onChange={showOnly} />
      {error && <QueryProblem error={error} what="The jobs" onRetry={() => refetch()} />}
      {isPending && <Loading what="the jobs" rows={4} />}
      {jobs.length > 0 && (
        <ul
          aria-label="Jobs"
          className={`divide-y divide-line rounded-2xl border border-line bg-surface shadow-card transition-opacity ${isPlaceholderData ? 'opacity-60' : ''}`}
        >
          {jobs.map(job => (
            <JobRow key={job.id} job={job} now={now} search={search} />
          ))}
        </ul>
      )}
      {jobs.length === 0 && !isPending && !error && <NoJobs filter={filter} />}
      <LoadMore list={list} testId="more-jobs" />
    </Section>
  )
}

function NoJobs({ filter }: { filter: JobFilter }) {
  const showOnly = useShowOnly()
  const which = filter.status === 'all' ? '' : `${filter.status} `
  return (
    <div data-testid="no-jobs" className="rounded-2xl border border-dashed border-edge/60 px-6 py-10 text-center">
      <p className="font-medium">{isNarrowed(filter) ? 'No job matches' : `No ${which}jobs`}</p>
      <p className="mt-1 text-sm text-muted">
        {filter.status === 'failed' && !isNarrowed(filter) ? 'No problems.' : 'New jobs appear here automatically.'}
      </p>
      {isNarrowed(filter) && (
        <Button
          look="secondary"
          className="mt-4"
          onClick={() => showOnly({ ...DEFAULT_FILTER, status: filter.status })}
        >
          Clear the filters
        </Button>
      )}
    </div>
  )
}
