import type { AdminJob } from '@darkroom/contracts'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import { Button } from '../../ui/button.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import type { JobSearch } from '../filter/job-filter.ts'
import { dateTime } from '../format/human-time.ts'
import { jobAge, jobNameWords, mayRequeue, STATUS_WORDS } from '../format/job-words.ts'
import { ErrorLine } from '../shared/error-line.tsx'
import { useRequeue } from './use-job-actions.ts'

interface JobRowProps {
  job: AdminJob
  now: number
  /** The filters, so that the way back leads to the same list. */
  search: JobSearch
}

/** One job: what it is about, how it stands, and why. */
export const JobRow = memo(function JobRow({ job, now, search }: JobRowProps) {
  const { id, assetId, filename, status, attempt, maxAttempts, name, error, queuedAt } = job
  const requeue = useRequeue(job)
  const title = filename ?? jobNameWords(name)
  return (
    <li
      data-testid="job"
      data-job-id={id}
      data-status={status}
      className="relative flex items-center gap-x-3 py-2 pr-2 pl-4 sm:gap-x-5 sm:pl-5"
    >
      <div className="min-w-0 flex-1 py-1">
        {/* On a phone the whole row is the link. */}
        {assetId ? (
          <Link
            to="/operations/assets/$assetId"
            params={{ assetId }}
            search={search}
            data-asset-link={assetId}
            className="block truncate rounded font-semibold hover:underline max-sm:after:absolute max-sm:after:inset-0"
            title={title}
          >
            {title}
          </Link>
        ) : (
          <span className="block truncate font-semibold">{title}</span>
        )}
        {error && <ErrorLine error={error} />}
        <p className="mt-0.5 flex flex-wrap items-center gap-x-2 text-sm text-muted">
          <span className="inline-flex items-center gap-2">
            <StatusDot status={status} />
            <span className="sr-only">{STATUS_WORDS[status]}, </span>
            <time dateTime={queuedAt} title={`Created ${dateTime(queuedAt)}`} className="first-letter:uppercase">
              {jobAge(job, now)}
            </time>
          </span>
          <span aria-hidden="true">·</span>
          <span>{attemptText(attempt, maxAttempts)}</span>
          {name !== 'asset.process' && (
            <>
              <span aria-hidden="true">·</span>
              <span>{jobNameWords(name)}</span>
            </>
          )}
        </p>
      </div>
      {mayRequeue(job) && (
        <Button
          look="quiet"
          // On a phone the text needs the room; there the button is one tap further.
          className="max-sm:hidden"
          data-testid="requeue"
          aria-label={`Requeue ${title}`}
          disabled={requeue.isPending}
          onClick={() => requeue.run(undefined)}
        >
          Requeue
        </Button>
      )}
    </li>
  )
})

function attemptText(attempt: number, maxAttempts: number): string {
  if (attempt === 0) return 'no attempts yet'
  return `attempt ${attempt} of ${maxAttempts}`
}
