import { useEffect, useMemo, useRef } from 'react'
import { filterOf } from './filter/job-filter.ts'
import { JobSection } from './jobs/job-section.tsx'
import { useJobs } from './jobs/use-jobs.ts'
import { OperatorPart } from './overview/operator-part.tsx'
import { QuarantineSection } from './quarantine/quarantine-section.tsx'
import { isForbidden, NoAccess } from './shared/query-problem.tsx'
import { SearchBox } from './shared/search-box.tsx'

interface ListPageProps {
  searchParams: URLSearchParams
  /** Whose explanation was looked at before, null at first. */
  lastAssetId: string | null
}

/** Shows the page at `/admin`: problems, queues and jobs. */
export function ListPage({ searchParams, lastAssetId }: ListPageProps) {
  const filter = useMemo(() => filterOf(searchParams), [searchParams])
  const list = useJobs(filter)
  const hasJobs = list.jobs.length > 0
  // Back from an explanation, the keyboard goes on where it left.
  const focusOn = useRef(lastAssetId)
  useEffect(() => {
    if (!hasJobs || !focusOn.current) return
    document.querySelector<HTMLElement>(`[data-asset-link="${focusOn.current}"]`)?.focus({ preventScroll: true })
    focusOn.current = null
  }, [hasJobs])

  if (isForbidden(list.error)) return <NoAccess />
  return (
    <>
      <div className="mb-8 flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <h1 className="text-3xl font-semibold tracking-tight">Admin</h1>
        <SearchBox />
      </div>
      <OperatorPart />
      <JobSection filter={filter} list={list} />
      <QuarantineSection />
    </>
  )
}
