import type { Explanation } from '@darkroom/contracts'
import { humanBytes } from '../../human-bytes.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Section } from '../../ui/section.tsx'
import { dateTime } from '../format/human-time.ts'
import { jobAge, jobNameWords } from '../format/job-words.ts'

interface Fact {
  term: string
  value: string
  isId?: boolean
}

/** Lists further facts, mostly ids to search logs for. */
export function Facts({ explanation, now }: { explanation: Explanation; now: number }) {
  const { assetId, projectId, job, receipt } = explanation
  const facts: Fact[] = [
    { term: 'Asset', value: assetId, isId: true },
    { term: 'Project', value: projectId, isId: true },
    ...(job ? jobFacts(job, now) : []),
    ...(receipt ? receiptFacts(receipt) : []),
  ]
  return (
    <Section title="Details" testId="facts">
      <dl className="divide-y divide-line rounded-2xl border border-line bg-surface px-5 text-sm shadow-card">
        {facts.map(({ term, value, isId = false }) => (
          <div key={term} className="flex min-h-11 flex-wrap items-center gap-x-4 py-1">
            <dt className="w-28 shrink-0 text-muted">{term}</dt>
            <dd className={`min-w-0 flex-1 wrap-anywhere ${isId ? 'basis-48 font-mono text-xs' : ''}`}>{value}</dd>
            {isId && (
              <dd className="-mr-3 -my-1">
                <CopyButton text={value} label="Copy" detail={`the id: ${term}`} />
              </dd>
            )}
          </div>
        ))}
      </dl>
    </Section>
  )
}

function jobFacts(job: NonNullable<Explanation['job']>, now: number): Fact[] {
  const { id, name, status, queue, lane, attempt, maxAttempts, queuedAt, leaseUntil } = job
  return [
    { term: 'Job', value: id, isId: true },
    { term: 'Work', value: `${jobNameWords(name)}, ${jobAge(job, now)}` },
    { term: 'Queue', value: `${queue}, ${lane} lane` },
    { term: 'Attempts', value: `${attempt} of ${maxAttempts}` },
    { term: 'Queued', value: dateTime(queuedAt) },
    ...(status === 'running' && leaseUntil ? [{ term: 'Lease until', value: dateTime(leaseUntil) }] : []),
  ]
}

function receiptFacts(receipt: NonNullable<Explanation['receipt']>): Fact[] {
  const { objects, bytes, requestedAt, secondPassAt } = receipt
  return [
    { term: 'Removed', value: `${objects} objects, ${humanBytes(bytes)}` },
    { term: 'Requested', value: dateTime(requestedAt) },
    { term: 'Deleted permanently', value: dateTime(secondPassAt) },
  ]
}
