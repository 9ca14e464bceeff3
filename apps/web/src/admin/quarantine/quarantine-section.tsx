import type { Quarantined } from '@darkroom/contracts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { LoadMore } from '../../ui/load-more.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Section } from '../../ui/section.tsx'
import { useNow } from '../../ui/use-now.ts'
import { dateTime, humanAgo } from '../format/human-time.ts'
import { shortId } from '../format/short-id.ts'
import { isForbidden, QueryProblem } from '../shared/query-problem.tsx'
import { ReleaseButton } from './release-button.tsx'
import { useQuarantine } from './use-quarantine.ts'

/** Lists content in quarantine: it is not processed any more, because it repeatedly killed the media process. */
export function QuarantineSection() {
  const list = useQuarantine()
  const { items, isPending, error, refetch } = list
  const now = useNow()
  return (
    <Section title="Quarantine" note={items.length || null} testId="quarantine">
      {isForbidden(error) && <p className="text-sm text-muted">Needs an operator key.</p>}
      {error && !isForbidden(error) && <QueryProblem error={error} what="The quarantine" onRetry={() => refetch()} />}
      {isPending && <Loading what="the quarantine" rows={1} />}
      {items.length === 0 && !isPending && !error && (
        <p className="text-sm text-muted">Empty. Files that repeatedly crash their process are listed here.</p>
      )}
      {items.length > 0 && (
        <ul className="divide-y divide-line rounded-2xl border border-line bg-surface shadow-card">
          {items.map(item => (
            <QuarantineItem key={item.id} quarantined={item} now={now} />
          ))}
        </ul>
      )}
      <LoadMore list={list} testId="more-quarantined" />
    </Section>
  )
}

function QuarantineItem({ quarantined, now }: { quarantined: Quarantined; now: number }) {
  const { sha256, crashes, reason, projectId, createdAt } = quarantined
  return (
    <li data-testid="quarantined" data-sha256={sha256} className="flex flex-wrap items-center gap-x-4 py-2 pr-2 pl-5">
      <div className="min-w-0 flex-1 basis-64 py-1">
        <p className="text-sm font-medium wrap-anywhere">{reason}</p>
        <p className="text-sm text-muted">
          {crashes > 0 && `${crashes} ${crashes === 1 ? 'crash' : 'crashes'} · `}
          {projectId ? `project ${shortId(projectId)}` : 'all projects'} ·{' '}
          <time dateTime={createdAt} title={dateTime(createdAt)}>
            {humanAgo(createdAt, now)}
          </time>
        </p>
        <p className="truncate font-mono text-xs text-muted">{sha256}</p>
      </div>
      <div className="flex flex-wrap items-center">
        <CopyButton text={sha256} label="Copy hash" detail={shortId(sha256)} />
        <ReleaseButton quarantined={quarantined} />
      </div>
    </li>
  )
}
