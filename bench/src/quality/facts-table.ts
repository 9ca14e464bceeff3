import type { Facts } from '@darkroom/media'
import type { Outcome } from './process-corpus.ts'

/** Formats the facts that Darkroom found beside those of other tools, one row for each file. */
export function factsTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes.map(outcome => {
    const { source, facts, variants, code } = outcome
    const found = facts ? ours(facts) : `\`${code}\``
    return `| ${source.name} | ${source.special} | ${theirs(outcome)} | ${found} | ${variants.length || ''} | ${agrees(outcome)} |`
  })
  return [
    '| file | what is special | other tools | Darkroom | variants | agree |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

function ours(facts: Facts): string {
  const { width, height, durationMs } = facts
  return [size(width, height), duration(durationMs), count(countOf(facts))].filter(Boolean).join(', ')
}

function theirs({ source: { measured, expected } }: Outcome): string {
  const found = [size(measured.width, measured.height), duration(measured.durationMs), count(measured.count)]
  const by = measured.by ? ` (${measured.by})` : ''
  return `${found.filter(Boolean).join(', ')}${by}${expected === 'processed' ? '' : ` ${expected}`}`
}

const size = (width: number | null, height: number | null) => (width && height ? `${width} × ${height}` : '')
const duration = (ms: number | null) => (ms === null ? '' : `${(ms / 1000).toFixed(3)} s`)
const count = (value: number | null) => (value !== null && value > 1 ? `${value} frames or pages` : '')

const countOf = (facts: Facts): number | null => facts.pageCount ?? (facts.kind === 'image' ? facts.frameCount : null)

/** Durations of lossy audio differ by what a tool counts as padding. */
const TOLERANCE_MS = 150

/** Tells whether the facts agree with other tools: size, duration, frames or pages, and whether the file is refused. */
export function agrees({ source: { measured, expected }, facts }: Outcome): 'yes' | 'no' {
  if (expected.startsWith('policy:')) return 'yes'
  if (!facts) return expected.startsWith('rejected:') ? 'yes' : 'no'
  if (expected !== 'processed') return 'no'
  const same = (mine: number | null, other: number | null, tolerance = 0) =>
    other === null || mine === null || Math.abs(mine - other) <= tolerance
  const isSame =
    (facts.kind === 'document' || (same(facts.width, measured.width) && same(facts.height, measured.height))) &&
    (facts.kind === 'image' || same(facts.durationMs, measured.durationMs, TOLERANCE_MS)) &&
    same(countOf(facts), measured.count)
  return isSame ? 'yes' : 'no'
}
