import { useRouter, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useRef } from 'react'
import { filterOf } from './filter/job-filter.ts'
import { JobSection } from './jobs/job-section.tsx'
import { useJobs } from './jobs/use-jobs.ts'
import { OperatorPart } from './overview/operator-part.tsx'
import { QuarantineSection } from './quarantine/quarantine-section.tsx'
import { isForbidden, NoAccess } from './shared/query-problem.tsx'
import { SearchBox } from './shared/search-box.tsx'

/** Shows the page at `/operations`: problems, queues and jobs. */
export default function ListPage() {
  const search = useSearch({ from: '/operations' })
  const filter = useMemo(() => filterOf(search), [search])
  const list = useJobs(filter)
  const hasJobs = list.jobs.length > 0
  // Back from an explanation, the keyboard goes on where it left.
  const focusOn = useRef(useLastAssetId())
  useEffect(() => {
    if (!hasJobs || !focusOn.current) return
    document.querySelector<HTMLElement>(`[data-asset-link="${focusOn.current}"]`)?.focus({ preventScroll: true })
    focusOn.current = null
  }, [hasJobs])

  if (isForbidden(list.error)) return <NoAccess />
  return (
    <>
      <div className="mb-8 flex flex-wrap items-center justify-between gap-x-6 gap-y-3">
        <h1 className="text-3xl font-semibold tracking-tight">Operations</h1>
        <SearchBox />
      </div>
      <OperatorPart />
      <JobSection filter={filter} list={list} />
      <QuarantineSection />
    </>
  )
}

/** Returns whose explanation was looked at just before, null where it was something else. */
function useLastAssetId(): string | null {
  const { state } = useRouter()
  const [, assetId] = /^\/operations\/assets\/(.+)$/.exec(state.resolvedLocation?.pathname ?? '') ?? []
  return assetId ?? null
}
