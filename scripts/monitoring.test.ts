import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { collectMetrics } from '../packages/core/src/metrics/collect-metrics.ts'
import { METRICS } from '../packages/core/src/metrics/table.ts'

// Alert rules and the dashboard ask only for metrics and labels that exist. That the rules are valid is promtool's part.

const read = (path: string) => readFileSync(join(import.meta.dirname, '../deploy', path), 'utf8')

const Rule = z.object({
  alert: z.string(),
  expr: z.string(),
  labels: z.object({ severity: z.enum(['warning', 'critical']) }),
  annotations: z.object({ summary: z.string(), action: z.string() }),
})
const Rules = z.object({ groups: z.array(z.object({ rules: z.array(Rule) })) })
const rules = Rules.parse(parse(read('prometheus/alerts.yml'))).groups.flatMap(group => group.rules)

const Panel = z.object({
  id: z.number(),
  title: z.string(),
  targets: z.array(z.object({ expr: z.string() })).default([]),
})
const { panels } = z.object({ panels: z.array(Panel) }).parse(JSON.parse(read('grafana/darkroom.json')))

/** Labels that Prometheus itself adds. */
const OF_EVERY_TARGET = ['job', 'instance']

/** The labels of every metric that an API or worker shows, and of `up`, which Prometheus makes. */
const known = new Map<string, string[]>([['up', []]])
beforeAll(async () => {
  const collector = await collectMetrics({ readsDatabase: true })
  const text = await collector.format()
  collector.close()
  const labelsOf = new Map(Object.entries(METRICS).map(([name, { labels }]) => [name, Object.keys(labels)]))
  for (const [, name = '', type] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
    const labels = labelsOf.get(name) ?? []
    if (type !== 'histogram') known.set(name, labels)
    else {
      known.set(`${name}_bucket`, [...labels, 'le'])
      known.set(`${name}_sum`, labels)
      known.set(`${name}_count`, labels)
    }
  }
})

const METRIC = /\b(up|(?:darkroom|nodejs|process)_\w+)\b(?:\{([^}]*)\})?/g
const GROUPING = /\b(?:by|without) ?\(([^)]*)\)/g
const MATCHER = /(\w+) ?(?:=~|!~|!=|=)/g

/** Lists what an expression of PromQL asks for and does not exist. */
function unknownIn(expr: string): string[] {
  const asked = [...expr.matchAll(METRIC)].map(([, name = '', matchers = '']) => ({ name, matchers }))
  const labels = new Set([...OF_EVERY_TARGET, ...asked.flatMap(({ name }) => known.get(name) ?? [])])
  const wrongMatchers = asked.flatMap(({ name, matchers }) =>
    [...matchers.matchAll(MATCHER)]
      .map(([, label = '']) => label)
      .filter(label => !OF_EVERY_TARGET.includes(label) && !known.get(name)?.includes(label))
      .map(label => `${name}{${label}}`),
  )
  const groupings = [...expr.matchAll(GROUPING)].flatMap(([, list = '']) => list.split(',').map(label => label.trim()))
  return [
    ...asked.map(({ name }) => name).filter(name => !known.has(name)),
    ...wrongMatchers,
    ...groupings.filter(label => !labels.has(label)),
  ]
}

describe('alert rules', () => {
  it('are some, each with a name of its own', () => {
    expect(rules.length).toBeGreaterThan(10)
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  })

  it.each(rules)('$alert asks for what exists', ({ expr }) => {
    expect([...expr.matchAll(METRIC)].length).toBeGreaterThan(0)
    expect(unknownIn(expr)).toEqual([])
  })
})

describe('the dashboard', () => {
  it('has panels, each with an id of its own', () => {
    expect(panels.length).toBeGreaterThan(10)
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length)
  })

  it.each(panels.filter(({ targets }) => targets.length > 0))('"$title" asks for what exists', ({ targets }) => {
    for (const { expr } of targets) expect(unknownIn(expr)).toEqual([])
  })

  it('shows every metric of ours', () => {
    const asked = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)).join('\n')
    expect(Object.keys(METRICS).filter(name => !asked.includes(name))).toEqual([])
  })
})

it.each([
  ['max(darkroom_nothing) > 0', ['darkroom_nothing']],
  ['darkroom_alarms{asset="a"}', ['darkroom_alarms{asset}']],
  ['sum by (code, queue) (darkroom_alarms)', ['queue']],
  ['rate(darkroom_run_duration_seconds[5m])', ['darkroom_run_duration_seconds']],
  ['sum by (le) (rate(darkroom_run_duration_seconds_bucket{outcome="done"}[5m]))', []],
])('finds what is wrong in %s', (expr, unknown) => {
  expect(unknownIn(expr)).toEqual(unknown)
})
