import type { Explanation } from '@darkroom/contracts'
import type { Ref } from 'react'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Prose } from '../../ui/prose.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { errorTitle } from '../format/error-title.ts'
import { ReleaseButton } from '../quarantine/release-button.tsx'
import { JobButtons } from './job-buttons.tsx'

interface SummaryProps {
  explanation: Explanation
  headingRef: Ref<HTMLHeadingElement>
}

/** Shows the answer first: what blocks the asset and what comes next, with the buttons for it. */
export function Summary({ explanation, headingRef }: SummaryProps) {
  const { assetId, status, blockedBy, nextAction, error, job, quarantine } = explanation
  return (
    <section
      aria-label="Summary"
      className="rounded-3xl border border-line bg-surface p-5 shadow-card sm:p-7"
      data-testid="summary"
      data-keeps-focus
    >
      <p className="flex items-center gap-2 text-sm text-muted">
        <StatusDot status={status} />
        <span className="first-letter:uppercase">{status.replaceAll('_', ' ')}</span>
      </p>
      <h1
        ref={headingRef}
        tabIndex={-1}
        data-focus-home
        className="mt-1 text-2xl font-semibold tracking-tight wrap-anywhere outline-none"
      >
        {job?.filename ?? 'Asset without a name'}
      </h1>
      <div className={`mt-4 rounded-2xl p-4 ${blockedBy && error ? 'bg-bad-soft' : 'bg-sunken'}`} aria-live="polite">
        <p data-testid="blocked-by" className="font-medium text-pretty wrap-anywhere">
          <Prose text={blockedBy ?? 'No problem is known.'} />
        </p>
        <p data-testid="next-action" className="mt-1 text-sm text-pretty wrap-anywhere">
          <span className="text-muted">Next:</span> <Prose text={nextAction} />
        </p>
        {error && (
          <p data-testid="explain-error" data-code={error.code} className="mt-2 text-xs text-muted wrap-anywhere">
            {errorTitle(error.code)} · <span className="font-mono">{error.code}</span> · {CLASS_WORDS[error.class]}
          </p>
        )}
      </div>
      <div className="-ml-3 mt-3 flex flex-wrap items-center gap-x-1 gap-y-2">
        {job && <JobButtons job={job} />}
        {quarantine && <ReleaseButton quarantined={quarantine} />}
        <CopyButton text={assetId} label="Copy id" detail="of the asset" testId="copy-id" />
      </div>
    </section>
  )
}

const CLASS_WORDS: Record<NonNullable<Explanation['error']>['class'], string> = {
  transient: 'temporary, retried automatically',
  permanent: 'caused by the file or the request, so a retry cannot help',
  limit: 'a limit of this installation',
  bug: 'a bug in Darkroom',
  operator: 'needs the operator',
}
