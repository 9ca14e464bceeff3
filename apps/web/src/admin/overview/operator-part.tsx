import { Loading } from '../../ui/loading.tsx'
import { Section } from '../../ui/section.tsx'
import { useNow } from '../../ui/use-now.ts'
import { isForbidden, QueryProblem } from '../shared/query-problem.tsx'
import { AlarmList } from './alarm-list.tsx'
import { CheckBadge } from './check-badge.tsx'
import { QueueActions } from './queue-actions.tsx'
import { QueueTable } from './queue-table.tsx'
import { useOverview } from './use-overview.ts'
import { WorkerList } from './worker-list.tsx'

/** Shows what concerns the installation as a whole. */
export function OperatorPart() {
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
          <CheckBadge now={now} />
          {data.alarms.length > 0 && <AlarmList alarms={data.alarms} now={now} />}
          <Section title="Queues" testId="queues" actions={<QueueActions queues={data.queues} />}>
            <QueueTable queues={data.queues} now={now} />
            <WorkerList workers={data.workers} now={now} />
          </Section>
        </>
      ) : (
        !error && <Loading what="the queues" rows={5} />
      )}
    </>
  )
}
