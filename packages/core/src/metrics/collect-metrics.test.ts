import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { collectMetrics, type MetricsCollector } from './collect-metrics.ts'
import { measure } from './measure.ts'
import { METRICS } from './table.ts'

const metrics = Object.entries(METRICS)

describe('the table', () => {
  it.each(metrics)('%s is named after its unit and type, as Prometheus recommends', (name, { type, unit }) => {
    expect(name).toMatch(/^darkroom_[a-z_]+$/)
    expect(name.endsWith('_total')).toBe(type === 'counter')
    if (unit === 'seconds' || unit === 'bytes') expect(name.endsWith(`_${unit}`)).toBe(true)
  })

  it.each(metrics)('%s has no label whose values grow with use', (_, { labels }) => {
    for (const label of Object.keys(labels)) expect(label).not.toMatch(/(^|_)(id|asset|project|key|url|path|host)$/)
  })
})

describe('a collector', () => {
  let collector: MetricsCollector
  beforeEach(async () => {
    collector = await collectMetrics({ readsDatabase: true })
  })
  afterEach(() => collector.close())

  it('shows every metric of the table with its type and help', async () => {
    const text = await collector.format()
    for (const [name, { type, help }] of metrics) {
      expect(text).toContain(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`)
    }
    expect(text).toMatch(/^nodejs_eventloop_lag_p99_seconds /m)
    expect(text).toMatch(/^process_resident_memory_bytes /m)
  })

  it('adds to counters, observes in histograms and sets gauges', async () => {
    measure('darkroom_store_retries_total', { result: '503' })
    measure('darkroom_store_retries_total', { result: '503' })
    measure('darkroom_stage_duration_seconds', { queue: 'image', stage: 'media' }, 0.2)
    measure('darkroom_orphans', { type: 'missing_object' }, 3)
    measure('darkroom_orphans', { type: 'missing_object' }, 1)
    const text = await collector.format()
    expect(text).toContain('darkroom_store_retries_total{result="503"} 2\n')
    expect(text).toContain('darkroom_stage_duration_seconds_bucket{le="0.1",queue="image",stage="media"} 0\n')
    expect(text).toContain('darkroom_stage_duration_seconds_bucket{le="0.25",queue="image",stage="media"} 1\n')
    expect(text).toContain('darkroom_stage_duration_seconds_sum{queue="image",stage="media"} 0.2\n')
    expect(text).toContain('darkroom_orphans{type="missing_object"} 1\n')
  })

  it('forgets the samples of the database that are there no more', async () => {
    collector.set('darkroom_alarms', [{ labels: { code: 'NO_SPACE' }, value: 1 }])
    expect(await collector.format()).toContain('darkroom_alarms{code="NO_SPACE"} 1\n')
    collector.set('darkroom_alarms', [])
    expect(await collector.format()).not.toContain('darkroom_alarms{')
  })

  it('counts no more once it is closed', async () => {
    measure('darkroom_store_retries_total', { result: '500' })
    collector.close()
    measure('darkroom_store_retries_total', { result: '500' })
    expect(await collector.format()).toContain('darkroom_store_retries_total{result="500"} 1\n')
  })
})

it('a collector that does not read the database shows none of its metrics', async () => {
  const collector = await collectMetrics({ readsDatabase: false })
  const text = await collector.format()
  collector.close()
  for (const [name, { from }] of metrics) expect(text.includes(`# TYPE ${name} `)).toBe(from !== 'database')
})
