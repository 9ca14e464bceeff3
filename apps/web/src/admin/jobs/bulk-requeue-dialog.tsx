import type { JobsRequeued, RequeueJobs } from '@darkroom/contracts'
import { useQuery } from '@tanstack/react-query'
import { definedOf } from '../../api/defined.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Loading } from '../../ui/loading.tsx'
import { useAction } from '../session/use-action.ts'
import { useAdmin } from '../session/use-admin.ts'
import { QueryProblem } from '../shared/query-problem.tsx'
import { countJobs, countRequeueable, skippedReasons } from './requeue-result.ts'

interface BulkRequeueDialogProps {
  filter: RequeueJobs['filter']
  onClose: () => void
}

/** Shows what a requeue of all would do, and does it when asked to. */
export function BulkRequeueDialog({ filter, onClose }: BulkRequeueDialogProps) {
  const { clients, apiKey } = useAdmin()
  // Not under the key of the lists: it is asked once, and what it said must stand until the answer is given.
  const dryRun = useQuery({
    queryKey: ['bulk-requeue', apiKey, filter],
    queryFn: () => clients.quick.admin.jobs.requeueMany({ filter: definedOf(filter), all: true, dryRun: true }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  // `all`: whoever confirms has seen how many it means.
  const requeue = useAction(
    (darkroom, _: undefined) =>
      darkroom.admin.jobs.requeueMany({ filter: definedOf(filter), all: true, dryRun: false }),
    ({ requeued, matched }) => `Requeued ${requeued} of ${countJobs(matched)}.`,
  )
  return (
    <Dialog title="Requeue all that match?" testId="bulk-dialog" onClose={onClose}>
      {close => (
        <div aria-live="polite" className="mt-3">
          {dryRun.isPending && <Loading what="what would happen" rows={2} />}
          {dryRun.error && <QueryProblem error={dryRun.error} what="The jobs" onRetry={() => dryRun.refetch()} />}
          {dryRun.data && <DryRunResult result={dryRun.data} />}
          <div className="mt-5 flex flex-wrap gap-2">
            {dryRun.data && countRequeueable(dryRun.data) > 0 && (
              <Button
                look="primary"
                data-testid="confirm-bulk"
                onClick={() => {
                  requeue.run(undefined)
                  close()
                }}
              >
                Requeue {countJobs(countRequeueable(dryRun.data))}
              </Button>
            )}
            <Button look="quiet" onClick={close}>
              Back
            </Button>
          </div>
        </div>
      )}
    </Dialog>
  )
}

function DryRunResult({ result }: { result: JobsRequeued }) {
  const reasons = skippedReasons(result)
  return (
    <dl className="text-sm">
      <Line testId="bulk-matched" term="Match" value={result.matched} />
      <Line testId="bulk-requeued" term="Would be requeued" value={countRequeueable(result)} isStrong />
      {reasons.map(({ code, title, count }) => (
        <Line key={code} testId="bulk-skipped" term={`Left: ${title}`} value={count} />
      ))}
    </dl>
  )
}

interface LineProps {
  testId: string
  term: string
  value: number
  isStrong?: boolean
}

const Line = ({ testId, term, value, isStrong = false }: LineProps) => (
  <div
    data-testid={testId}
    className={`flex items-baseline justify-between gap-4 border-b border-line py-2.5 ${isStrong ? 'font-semibold' : ''}`}
  >
    <dt>{term}</dt>
    <dd>{value}</dd>
  </div>
)
