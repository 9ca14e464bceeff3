import type { OrphanReport } from '@darkroom/contracts'
import { Prose } from '../../ui/prose.tsx'
import { Section } from '../../ui/section.tsx'
import { useNow } from '../../ui/use-now.ts'
import { dateTime, humanAgo } from '../format/human-time.ts'
import { useAdminQuery } from '../session/use-admin-query.ts'

const REFRESH_MS = 60_000

const WORDS: Record<keyof OrphanReport['counts'], { title: string; next: string }> = {
  missing_object: { title: 'Missing in the store', next: '`npx darkroom verify` shows which assets are damaged.' },
  object_without_row: {
    title: 'Bytes without a row',
    next: '`npx darkroom orphans --remove` removes them, on the server.',
  },
  open_multipart: { title: 'Abandoned multipart uploads', next: '`npx darkroom orphans --remove` ends them.' },
}

/** Shows what the daily comparison of database and store found. For operators. */
export function OrphanSection() {
  const { data } = useAdminQuery<OrphanReport>({
    name: ['orphans'],
    read: darkroom => darkroom.admin.orphans(),
    everyMs: () => REFRESH_MS,
  })
  const now = useNow()
  if (!data) return null
  const found = (Object.keys(WORDS) as (keyof typeof WORDS)[]).filter(type => data.counts[type] > 0)
  return (
    <Section title="Orphans" testId="orphans">
      <p className="text-sm text-muted">
        {data.finishedAt === null
          ? 'Database and store were not compared yet. A worker does it once a day.'
          : `${found.length === 0 ? 'Database and store agree. ' : ''}Compared `}
        {data.finishedAt && (
          <time dateTime={data.finishedAt} title={dateTime(data.finishedAt)}>
            {humanAgo(data.finishedAt, now)}
          </time>
        )}
        {data.finishedAt && '.'}
      </p>
      {found.length > 0 && (
        <ul className="mt-3 divide-y divide-line rounded-2xl border border-line bg-surface shadow-card">
          {found.map(type => (
            <li key={type} data-testid="orphan" data-type={type} className="px-4 py-3 text-sm sm:px-5">
              <p className="font-semibold">
                {WORDS[type].title} <span className="font-normal">{data.counts[type]}</span>
              </p>
              <p>
                <Prose text={WORDS[type].next} />
              </p>
              <ul className="mt-1 font-mono text-xs text-muted">
                {data.examples
                  .filter(example => example.type === type)
                  .slice(0, 3)
                  .map(({ bucket, key }) => (
                    <li key={key} className="wrap-anywhere">
                      {bucket}/{key}
                    </li>
                  ))}
              </ul>
            </li>
          ))}
        </ul>
      )}
    </Section>
  )
}
