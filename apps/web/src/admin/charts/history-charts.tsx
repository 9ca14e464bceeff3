import type { History } from '@darkroom/contracts'
import { useMemo } from 'react'
import { Chart } from './chart.tsx'
import { chartsOf } from './chart-specs.ts'

/** Draws everything that the history has. */
export default function HistoryCharts({ history }: { history: History }) {
  const times = useMemo(() => history.points.map(({ at }) => Date.parse(at) / 1000), [history])
  const charts = useMemo(() => chartsOf(history), [history])
  return (
    <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
      {charts.map(chart => (
        <Chart key={chart.title} times={times} {...chart} />
      ))}
    </div>
  )
}
