import type { AuditEntry } from '@darkroom/contracts'
import { Link } from '@tanstack/react-router'
import { Json } from '../../ui/json.tsx'
import { StatusDot } from '../../ui/status-dot.tsx'
import { errorTitle } from '../format/error-title.ts'
import { dateTime, humanAgo } from '../format/human-time.ts'
import type { AuditSearch } from './audit-search.ts'
import { actionWords } from './audit-words.ts'

interface AuditRowProps {
  entry: AuditEntry
  now: number
  search: AuditSearch
}

const DOTS: Record<AuditEntry['result'], string> = { done: 'done', failed: 'failed', started: 'partial' }
const NARROW = 'rounded underline decoration-edge underline-offset-2 hover:decoration-ink'

/** Shows one change: who, what, on which target, when, and what came of it. */
export function AuditRow({ entry, now, search }: AuditRowProps) {
  const { at, key, keyName, isOperator, action, targetType, target, result, code, input, outcome, requestId } = entry
  return (
    <li data-testid="audit-entry" data-action={action} data-result={result} className="px-4 py-3 sm:px-5">
      <p className="flex flex-wrap items-baseline gap-x-2 wrap-anywhere">
        <StatusDot status={DOTS[result]} />
        <Link to="/operations/audit" search={{ ...search, action }} className={`font-semibold ${NARROW}`}>
          {actionWords(action)}
        </Link>
        {target && (
          <Link to="/operations/audit" search={{ ...search, target }} className={`font-mono text-sm ${NARROW}`}>
            {target}
          </Link>
        )}
        {code && <span className="text-sm font-medium text-bad">{errorTitle(code)}</span>}
        {result === 'started' && <span className="text-sm font-medium text-warn">not ended</span>}
      </p>
      <p className="text-sm text-muted">
        by{' '}
        <Link to="/operations/audit" search={{ ...search, key }} className={NARROW}>
          {keyName ?? key}
        </Link>
        {isOperator ? ', operator' : ''} ·{' '}
        <time dateTime={at} title={dateTime(at)}>
          {humanAgo(at, now)}
        </time>{' '}
        · {targetType}
      </p>
      <details className="text-sm">
        <summary className="-ml-1 flex min-h-11 w-fit cursor-pointer items-center rounded-lg px-1 text-muted hover:text-ink">
          Details <span className="sr-only">of {actionWords(action)}</span>
        </summary>
        <Json value={{ at, key, input, outcome, requestId }} name="the change" testId="audit-json" />
      </details>
    </li>
  )
}
