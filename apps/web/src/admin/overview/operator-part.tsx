import type { HistoryRange } from '@darkroom/contracts'
import { Loading } from '../../ui/loading.tsx'
import { Section } from '../../ui/section.tsx'
import { useNow } from '../../ui/use-now.ts'
import { HistorySection } from '../charts/history-section.tsx'
import { IncidentSection } from '../incidents/incident-section.tsx'
import { isForbidden, QueryProblem } from '../shared/query-problem.tsx'
import { CheckBadge } from './check-badge.tsx'
import { QueueActions } from './queue-actions.tsx'
import { QueueTable } from './queue-table.tsx'
import { useOverview } from './use-overview.ts'
import { WorkerList } from './worker-list.tsx'

interface OperatorPartProps {
  /** How far back the charts go. */
  range: HistoryRange
  /** The address, which the charts change only in their part. */
  search: Record<string, unknown>
}

/** Shows what concerns the installation as a whole. */
export function OperatorPart({ range, search }: OperatorPartProps) {
  const { data, error, refetch } = useOverview()
  const now = useNow()
  if (isForbidden(error)) {
    return (
      <p data-testid="not-operator" className="text-sm text-muted">
        Queues, workers and alarms belong to the whole installation: they need an operator key. Below are the jobs of
        your project.
      </p>
    )
  }
  return (
    <>
      {error && <QueryProblem error={error} what="The queues" onRetry={() => refetch()} />}
      {data ? (
        <>
          <IncidentSection alarms={data.alarms} now={now} />
          <CheckBadge now={now} />
          <Section title="Queues" testId="queues" actions={<QueueActions queues={data.queues} />}>
            <QueueTable queues={data.queues} now={now} />
            <WorkerList workers={data.workers} now={now} />
          </Section>
          <HistorySection range={range} search={search} />
        </>
      ) : (
        !error && <Loading what="the queues" rows={5} />
      )}
    </>
  )
}
