import type { JobAttempt } from '@darkroom/contracts'
import { humanBytes } from '../../human-bytes.ts'
import { Section } from '../../ui/section.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { dateTime, humanDuration } from '../format/human-time.ts'
import { ErrorLine } from '../shared/error-line.tsx'

/** Lists the attempts of all jobs of an asset, the latest first. */
export function AttemptList({ attempts }: { attempts: JobAttempt[] }) {
  const latestFirst = attempts.toSorted((a, b) => Date.parse(b.startedAt) - Date.parse(a.startedAt))
  return (
    <Section title="Attempts" note={attempts.length || null} testId="attempts">
      {attempts.length === 0 && <p className="text-sm text-muted">No attempts yet.</p>}
      {attempts.length > 0 && (
        <ol className="divide-y divide-line rounded-2xl border border-line bg-surface shadow-card">
          {latestFirst.map(attempt => (
            <AttemptItem key={`${attempt.jobId} ${attempt.attempt}`} attempt={attempt} />
          ))}
        </ol>
      )}
    </Section>
  )
}

function AttemptItem({
  attempt: { attempt, host, startedAt, durationMs, outcome, peakMemoryBytes, error },
}: {
  attempt: JobAttempt
}) {
  const state = outcome ?? 'running'
  const facts = [
    durationMs === null ? 'still running' : humanDuration(durationMs),
    ...(peakMemoryBytes === null ? [] : [`${humanBytes(peakMemoryBytes)} at the peak`]),
    `on ${host}`,
  ]
  return (
    <li data-testid="attempt" data-outcome={state} className="px-5 py-3">
      <p className="flex flex-wrap items-center gap-x-3 text-sm">
        <span className="inline-flex items-center gap-2 font-medium">
          <StatusDot status={state} />
          Attempt {attempt}: {state}
        </span>
        <span className="text-muted wrap-anywhere">{facts.join(' · ')}</span>
        <time dateTime={startedAt} className="text-muted sm:ml-auto">
          {dateTime(startedAt)}
        </time>
      </p>
      {error && (
        <div className="mt-1">
          <ErrorLine error={error} />
        </div>
      )}
    </li>
  )
}
