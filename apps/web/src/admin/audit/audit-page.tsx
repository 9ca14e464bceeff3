import type { AuditEntry } from '@darkroom/contracts'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { definedOf } from '../../api/defined.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { LinkTabs } from '../../ui/link-tabs.tsx'
import { LoadMore } from '../../ui/load-more.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useNow } from '../../ui/use-now.ts'
import { useAdminPages } from '../session/use-admin-pages.ts'
import { ListState } from '../shared/list-state.tsx'
import { AuditRow } from './audit-row.tsx'
import { type AuditSearch, RESULTS } from './audit-search.ts'

const BACK = { link: { to: '/operations' }, label: 'Operations' } as const
const REFRESH_MS = 15_000
const PAGE_SIZE = 50

/** Shows the page at `/operations/audit`: what admins changed, and what they were refused. */
export default function AuditPage() {
  const search = useSearch({ from: '/operations/audit' })
  const { items, ...query } = useAdminPages<AuditEntry>({
    name: ['audit', search],
    read: (darkroom, start) => darkroom.admin.audit.list({ ...definedOf(search), ...start, limit: PAGE_SIZE }),
    everyMs: () => REFRESH_MS,
    keyOf: entry => entry.id,
  })
  const now = useNow()
  const tabs = Object.entries(RESULTS).map(([result, label]) => ({
    link: {
      to: '/operations/audit',
      search: { ...search, result: result === 'all' ? undefined : (result as AuditEntry['result']) },
    } as const,
    label,
    testId: `audit-${result}`,
    isCurrent: (search.result ?? 'all') === result,
  }))
  return (
    <>
      <PageTitle back={BACK}>Audit log</PageTitle>
      <p className="mb-4 max-w-prose text-sm text-muted text-pretty">
        What admins changed, recorded together with the change, and what they were refused. Entries are kept for 400
        days.
      </p>
      <LinkTabs label="Result" tabs={tabs} />
      <Narrowing search={search} />
      <ListState
        what="The audit log"
        query={query}
        empty={
          items.length === 0 && (
            <Empty
              testId="no-audit"
              title="No changes"
              text="Changes of queues, jobs, keys, projects, presets and webhooks appear here."
            />
          )
        }
      />
      {items.length > 0 && (
        <ul aria-label="Changes" className="divide-y divide-line rounded-2xl border border-line bg-surface shadow-card">
          {items.map(entry => (
            <AuditRow key={entry.id} entry={entry} now={now} search={search} />
          ))}
        </ul>
      )}
      <LoadMore list={query} testId="more-audit" />
    </>
  )
}

/** Says what else narrows the list, with the way to end it. */
function Narrowing({ search }: { search: AuditSearch }) {
  const navigate = useNavigate()
  const { result, ...narrowing } = search
  const words = Object.entries(narrowing).map(([name, value]) => `${name} ${value}`)
  if (words.length === 0) return null
  return (
    <p className="mb-3 flex flex-wrap items-center gap-x-2 text-sm" data-testid="audit-narrowed">
      Only {words.join(', ')}
      <Button look="quiet" onClick={() => void navigate({ to: '/operations/audit', search: result ? { result } : {} })}>
        Show all
      </Button>
    </p>
  )
}
