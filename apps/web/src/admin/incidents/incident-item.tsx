import type { Incident } from '@darkroom/contracts'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Prose } from '../../ui/prose.tsx'
import { dateTime, humanSpan } from '../format/human-time.ts'
import { shortId } from '../format/short-id.ts'
import { IncidentAction } from './incident-action.tsx'
import { affectedText } from './incident-words.ts'

/** Shows one thing that is wrong, with the button for its next step. */
export function IncidentItem({ incident, now }: { incident: Incident; now: number }) {
  const { kind, severity, code, title, detail, since, affected, nextStep } = incident
  const isFault = severity === 'fault'
  return (
    <li
      data-testid="incident"
      data-kind={kind}
      data-severity={severity}
      className={`flex flex-wrap items-start justify-between gap-x-6 gap-y-2 rounded-2xl border p-4 ${isFault ? 'border-bad/40 bg-bad-soft' : 'border-line bg-surface shadow-card'}`}
    >
      <div className="min-w-0 flex-1 basis-72 wrap-anywhere">
        <h3 className="flex items-baseline gap-2 font-semibold">
          <span className={`size-2.5 shrink-0 rounded-full ${isFault ? 'bg-bad' : 'bg-warn'}`} aria-hidden="true" />
          <span>
            <span className="sr-only">{isFault ? 'Fault: ' : 'Warning: '}</span>
            {title}
          </span>
        </h3>
        <dl className="mt-2 grid gap-x-4 gap-y-1 text-sm sm:grid-cols-[auto_1fr]">
          {since && (
            <Fact term="Since">
              <time dateTime={since}>{dateTime(since)}</time>, for {humanSpan(now - Date.parse(since))}
            </Fact>
          )}
          <Fact term="Affects">
            {affectedText(affected)}
            {affected.projectIds.map(id => (
              <span key={id}>
                {' '}
                <Link to="/projects/$projectId" params={{ projectId: id }} className="rounded underline">
                  {shortId(id)}
                </Link>
              </span>
            ))}
          </Fact>
          {detail && (
            <Fact term="Details">
              <Prose text={detail} />
            </Fact>
          )}
          <Fact term="What to do">
            <Prose text={nextStep} />
          </Fact>
        </dl>
        {code && <p className="mt-2 font-mono text-xs text-muted">{code}</p>}
      </div>
      <IncidentAction incident={incident} />
    </li>
  )
}

const Fact = ({ term, children }: { term: string; children: ReactNode }) => (
  <div className="sm:contents">
    <dt className="font-medium">{term}</dt>
    <dd className="min-w-0">{children}</dd>
  </div>
)
