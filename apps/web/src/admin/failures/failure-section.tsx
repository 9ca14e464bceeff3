import type { FailureGroup, FailureGroups } from '@darkroom/contracts'
import { Link } from '@tanstack/react-router'
import { Button } from '../../ui/button.tsx'
import { Prose } from '../../ui/prose.tsx'
import { REFRESH_MS } from '../../ui/refresh.ts'
import { Section } from '../../ui/section.tsx'
import { useNow } from '../../ui/use-now.ts'
import { errorTitle } from '../format/error-title.ts'
import { dateTime, humanAgo } from '../format/human-time.ts'
import { useRequeue } from '../jobs/use-job-actions.ts'
import { useAdminQuery } from '../session/use-admin-query.ts'
import { ListState } from '../shared/list-state.tsx'
import { RequeueLikeThis } from './requeue-like-this.tsx'

/** Groups what failed by why, with an example of each; nothing while nothing has failed. */
export function FailureSection() {
  const query = useAdminQuery<FailureGroups>({
    name: ['failures'],
    read: darkroom => darkroom.admin.failures(),
    everyMs: () => REFRESH_MS * 2,
  })
  const groups = query.data?.items ?? []
  if (groups.length === 0) return null
  return (
    <Section title="Failures" note="by cause" testId="failures">
      <ListState what="The failures" query={query} />
      <ul className="divide-y divide-line rounded-2xl border border-line bg-surface shadow-card">
        {groups.map(group => (
          <GroupItem key={group.code} group={group} />
        ))}
      </ul>
    </Section>
  )
}

function GroupItem({ group }: { group: FailureGroup }) {
  const { code, jobs, lastHour, assets, projects, firstAt, lastAt, action } = group
  const now = useNow()
  return (
    <li
      data-testid="failure-group"
      data-code={code}
      className="grid gap-x-6 gap-y-2 px-4 py-3 sm:px-5 lg:grid-cols-[1fr_auto]"
    >
      <div className="min-w-0 wrap-anywhere">
        <h3 className="flex flex-wrap items-baseline gap-x-3 font-semibold">
          {errorTitle(code)}
          <span className="text-base font-normal" data-testid="failure-jobs">
            {jobs === 1 ? '1 job' : `${jobs} jobs`}
          </span>
          {lastHour > 0 && <span className="text-sm font-medium text-bad">{lastHour} in the last hour</span>}
        </h3>
        <p className="text-sm text-muted">
          {assets === 1 ? '1 asset' : `${assets} assets`} of {projects === 1 ? '1 project' : `${projects} projects`} ·
          first{' '}
          <time dateTime={firstAt} title={dateTime(firstAt)}>
            {humanAgo(firstAt, now)}
          </time>
          , last{' '}
          <time dateTime={lastAt} title={dateTime(lastAt)}>
            {humanAgo(lastAt, now)}
          </time>{' '}
          · <span className="font-mono text-xs">{code}</span>
        </p>
        <p className="mt-1 text-sm">
          <span className="font-medium">What to do:</span> <Prose text={action} />
        </p>
        <Example group={group} />
      </div>
      <div className="-ml-3 flex flex-wrap items-start lg:ml-0">
        <Link to="/operations" search={{ code }} className={SHOW}>
          Show the jobs
        </Link>
        <RequeueLikeThis code={code} />
      </div>
    </li>
  )
}

const SHOW =
  'inline-flex min-h-11 items-center rounded-full px-3 text-sm font-medium text-muted hover:bg-sunken hover:text-ink'

function Example({ group: { example } }: { group: FailureGroup }) {
  const requeue = useRequeue(example)
  const name = example.filename ?? example.name
  return (
    <p className="mt-1 flex flex-wrap items-center gap-x-2 text-sm text-muted" data-testid="failure-example">
      Example:{' '}
      {example.assetId ? (
        <Link
          to="/operations/assets/$assetId"
          params={{ assetId: example.assetId }}
          search={true}
          className="min-w-0 truncate rounded font-medium text-ink underline"
        >
          {name}
        </Link>
      ) : (
        <span>{name}</span>
      )}
      <Button
        look="quiet"
        data-testid="requeue-one"
        aria-label={`Requeue this one: ${name}`}
        disabled={requeue.isPending}
        onClick={() => requeue.run(undefined)}
      >
        Requeue this one
      </Button>
    </p>
  )
}
