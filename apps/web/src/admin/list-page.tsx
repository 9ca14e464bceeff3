import { Link, useRouter, useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useRef } from 'react'
import { buttonClass } from '../ui/button.tsx'
import { FailureSection } from './failures/failure-section.tsx'
import { filterOf } from './filter/job-filter.ts'
import { JobSection } from './jobs/job-section.tsx'
import { useJobs } from './jobs/use-jobs.ts'
import { OrphanSection } from './orphans/orphan-section.tsx'
import { OperatorPart } from './overview/operator-part.tsx'
import { useOverview } from './overview/use-overview.ts'
import { QuarantineSection } from './quarantine/quarantine-section.tsx'
import { isForbidden, NoAccess } from './shared/query-problem.tsx'
import { SearchBox } from './shared/search-box.tsx'

/** Shows the page at `/operations`: problems, queues and jobs. */
export default function ListPage() {
  const search = useSearch({ from: '/operations' })
  const filter = useMemo(() => filterOf(search), [search])
  const list = useJobs(filter)
  // Known once the queues were read: others are refused, and asked for nothing more.
  const isOperator = useOverview().data !== undefined
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
        <Link to="/operations/audit" data-testid="open-audit" className={`${buttonClass('quiet')} sm:ml-auto`}>
          Audit log
        </Link>
        <SearchBox />
      </div>
      <OperatorPart range={search.range ?? '1h'} search={search} />
      <FailureSection />
      <JobSection filter={filter} list={list} />
      <QuarantineSection />
      {isOperator && <OrphanSection />}
    </>
  )
}

/** Returns whose explanation was looked at just before, null where it was something else. */
function useLastAssetId(): string | null {
  const { state } = useRouter()
  const [, assetId] = /^\/operations\/assets\/(.+)$/.exec(state.resolvedLocation?.pathname ?? '') ?? []
  return assetId ?? null
}
