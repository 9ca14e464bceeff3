import type { History, HistoryRange } from '@darkroom/contracts'
import { lazy, Suspense } from 'react'
import { LinkTabs } from '../../ui/link-tabs.tsx'
import { Section } from '../../ui/section.tsx'
import { useAdminQuery } from '../session/use-admin-query.ts'
import { QueryProblem } from '../shared/query-problem.tsx'
import { RANGES } from './history-range.ts'

const HistoryCharts = lazy(() => import('./history-charts.tsx'))

/** A chart of an hour has a new point each minute. */
const EVERY_MS: Record<HistoryRange, number> = { '1h': 10_000, '6h': 30_000, '24h': 60_000, '7d': 300_000 }

interface HistorySectionProps {
  range: HistoryRange
  /** The rest of the address, which stays. */
  search: Record<string, unknown>
}

/** Shows how the pipeline did over time. The charts are a chunk of their own. */
export function HistorySection({ range, search }: HistorySectionProps) {
  const { data, error, refetch } = useAdminQuery<History>({
    name: ['history', range],
    read: darkroom => darkroom.admin.history({ range }),
    everyMs: () => EVERY_MS[range],
  })
  const { range: _, ...others } = search
  const tabs = (Object.keys(RANGES) as HistoryRange[]).map(each => ({
    link: {
      to: '/operations',
      search: each === '1h' ? others : { ...others, range: each },
      resetScroll: false,
    } as const,
    label: RANGES[each],
    testId: `range-${each}`,
    isCurrent: each === range,
  }))
  return (
    <Section title="Over time" testId="history">
      <LinkTabs label="How far back" tabs={tabs} />
      {error && <QueryProblem error={error} what="The history" onRetry={() => refetch()} />}
      {/* As high as the charts will be, so that nothing below moves. */}
      <div className="min-h-[1900px] sm:min-h-[1050px] xl:min-h-[680px]">
        {data && (
          <Suspense fallback={null}>
            <HistoryCharts history={data} />
          </Suspense>
        )}
      </div>
    </Section>
  )
}
