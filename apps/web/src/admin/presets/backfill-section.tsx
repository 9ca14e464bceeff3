import type { Backfill } from '@darkroom/contracts'
import type { ReactNode } from 'react'
import { LoadMore } from '../../ui/load-more.tsx'
import { REFRESH_MS } from '../../ui/refresh.ts'
import { Section } from '../../ui/section.tsx'
import { useNow } from '../../ui/use-now.ts'
import { useAdminPages } from '../session/use-admin-pages.ts'
import { ListState } from '../shared/list-state.tsx'
import { BackfillCard } from './backfill-card.tsx'
import { isUnderWay } from './preset-words.ts'

interface BackfillSectionProps {
  /** Only those of this preset. */
  presetName?: string
  /** What stands there when there is none; without it there is no section then. */
  empty?: ReactNode
}

const PAGE_SIZE = 10
const RUNNING_MS = 1500

/** Lists the backfills, the newest first. A project has at most one under way. */
export function BackfillSection({ presetName, empty }: BackfillSectionProps) {
  const { items, ...query } = useAdminPages<Backfill>({
    name: ['backfills'],
    read: (darkroom, start) => darkroom.backfills.list({ ...start, limit: PAGE_SIZE }),
    everyMs: all => (all.some(isUnderWay) ? RUNNING_MS : REFRESH_MS * 2),
    keyOf: backfill => backfill.id,
  })
  const now = useNow()
  const shown = items.filter(({ preset }) => presetName === undefined || preset.name === presetName)
  if (shown.length === 0 && !empty) return null
  return (
    <Section title="Applied" testId="backfills">
      <ListState what="The backfills" query={query} empty={shown.length === 0 && empty} />
      {shown.length > 0 && (
        <ul className="divide-y divide-line rounded-2xl border border-line bg-surface shadow-card">
          {shown.map(backfill => (
            <BackfillCard key={backfill.id} backfill={backfill} now={now} />
          ))}
        </ul>
      )}
      <LoadMore list={query} testId="more-backfills" />
    </Section>
  )
}
