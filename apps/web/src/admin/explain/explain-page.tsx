import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { Loading } from '../../ui/loading.tsx'
import { useNow } from '../../ui/use-now.ts'
import { isForbidden, isNotFound, NoAccess, QueryProblem } from '../shared/query-problem.tsx'
import { SearchBox } from '../shared/search-box.tsx'
import { AttemptList } from './attempt-list.tsx'
import { Facts } from './facts.tsx'
import { Summary } from './summary.tsx'
import { Timeline } from './timeline.tsx'
import { useExplanation } from './use-explanation.ts'
import { VariantStates } from './variant-states.tsx'

/** Shows the page at `/operations/assets/<id>`, the id of an asset or of one of its jobs. */
export default function ExplainPage() {
  const { assetId } = useParams({ from: '/operations/assets/$assetId' })
  return <Explanation key={assetId} id={assetId} />
}

/** Shows one asset: what blocks it, what to do, and everything that happened to it. */
function Explanation({ id }: { id: string }) {
  const { data, error, refetch } = useExplanation(id)
  const now = useNow()
  const heading = useRef<HTMLHeadingElement>(null)
  const hasData = data !== undefined
  // A new page: readers of the screen start at its heading.
  useEffect(() => {
    if (hasData) heading.current?.focus({ preventScroll: true })
  }, [hasData])

  if (isForbidden(error)) return <NoAccess />
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
        <Link
          to="/operations"
          // The filters of the list.
          search={true}
          className="-ml-3 inline-flex min-h-11 items-center rounded-full px-3 text-sm font-medium text-muted hover:bg-sunken hover:text-ink"
        >
          ← All jobs
        </Link>
        <SearchBox />
      </div>
      {isNotFound(error) ? (
        <Unknown id={id} />
      ) : (
        error && <QueryProblem error={error} what="The explanation" onRetry={() => refetch()} />
      )}
      {!data && !error && <Loading what="the explanation" />}
      {data && !isNotFound(error) && (
        <article data-testid="explanation" data-status={data.status} data-asset-id={data.assetId}>
          <Summary explanation={data} headingRef={heading} />
          <AttemptList attempts={data.attempts} />
          <Timeline entries={data.timeline} />
          <VariantStates variants={data.variants} attempts={data.attempts} />
          <Facts explanation={data} now={now} />
        </article>
      )}
    </>
  )
}

const Unknown = ({ id }: { id: string }) => (
  <div role="alert" data-testid="unknown-asset" className="py-16 text-center">
    <h1 className="text-2xl font-semibold tracking-tight">Not found</h1>
    <p className="mt-3 text-muted wrap-anywhere">
      This API key has access to no asset or job with this id: <span className="font-mono text-sm">{id}</span>
    </p>
  </div>
)
