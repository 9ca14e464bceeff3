import type { Alarm, Incident, Incidents } from '@darkroom/contracts'
import { Loading } from '../../ui/loading.tsx'
import { REFRESH_MS } from '../../ui/refresh.ts'
import { Section } from '../../ui/section.tsx'
import { humanAgo } from '../format/human-time.ts'
import { AlarmItem } from '../overview/alarm-item.tsx'
import { useAdminQuery } from '../session/use-admin-query.ts'
import { QueryProblem } from '../shared/query-problem.tsx'
import { IncidentItem } from './incident-item.tsx'

interface IncidentSectionProps {
  /** Read with the queues: an alarm has its own item, by which it is acknowledged. */
  alarms: Alarm[]
  now: number
}

/** Says what is wrong, since when, whom it affects, and what to do: the first thing that somebody reads at night. */
export function IncidentSection({ alarms, now }: IncidentSectionProps) {
  const { data, error, isPending, refetch } = useAdminQuery<Incidents>({
    name: ['incidents'],
    read: darkroom => darkroom.admin.incidents(),
    everyMs: () => REFRESH_MS,
  })
  const others = data?.items.filter(({ kind }) => kind !== 'alarm') ?? []
  const count = others.length + alarms.length
  return (
    <Section title={count > 0 ? 'What is wrong' : 'Now'} note={count || null} testId="incidents">
      {error && <QueryProblem error={error} what="What is wrong" onRetry={() => refetch()} />}
      {isPending && alarms.length === 0 && <Loading what="what is wrong" rows={1} />}
      {count > 0 && <List incidents={others} alarms={alarms} now={now} />}
      {data && count === 0 && (
        <p
          data-testid="all-well"
          className="flex items-center gap-3 rounded-2xl border border-line bg-surface px-5 py-4 shadow-card"
        >
          <span className="size-2.5 shrink-0 rounded-full bg-good" aria-hidden="true" />
          <span>
            <span className="font-medium">Nothing is wrong.</span>{' '}
            <span className="text-muted">Checked {humanAgo(data.checkedAt, now)}.</span>
          </span>
        </p>
      )}
    </Section>
  )
}

/** Faults, then alarms, then warnings. */
function List({ incidents, alarms, now }: { incidents: Incident[]; alarms: Alarm[]; now: number }) {
  const of = (severity: Incident['severity']) =>
    incidents
      .filter(incident => incident.severity === severity)
      .map(incident => <IncidentItem key={incident.id} incident={incident} now={now} />)
  return (
    <ul className="grid gap-3">
      {of('fault')}
      {alarms.map(alarm => (
        <AlarmItem key={alarm.id} alarm={alarm} now={now} />
      ))}
      {of('warning')}
    </ul>
  )
}
