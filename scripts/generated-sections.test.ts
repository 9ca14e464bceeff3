import { expect, it } from 'vitest'
import type { Results } from '../bench/src/results.ts'
import { figuresSection, speedPhrase } from './bench-figures.ts'
import { fillSections } from './generated-sections.ts'

const DOCUMENT = `It keeps <!-- generated: speed -->0.78 of<!-- end --> it.

<!-- generated: table -->
old
<!-- end -->
`

it('replaces what stands between two markers, in a line and over several', () => {
  expect(
    fillSections(DOCUMENT, { speed: () => '0.81 of', table: () => 'new' }),
  ).toBe(`It keeps <!-- generated: speed -->0.81 of<!-- end --> it.

<!-- generated: table -->

new

<!-- end -->
`)
})

it('fills a document that is filled already with the same', () => {
  const sections = { speed: () => '0.81 of', table: () => 'new' }
  const filled = fillSections(DOCUMENT, sections)
  expect(fillSections(filled, sections)).toBe(filled)
})

it('refuses a marker that nothing generates, and a section without a marker', () => {
  const speed = () => ''
  const table = () => ''
  expect(() => fillSections(DOCUMENT, { speed })).toThrow('nothing generates the section "table"')
  expect(() => fillSections(DOCUMENT, { speed, table, chart: speed })).toThrow('no marker for: chart')
})

const row = (id: string, timesLimit: number) => ({
  id,
  label: id,
  imagesPerSec: { min: 1, median: 2, max: 3 },
  timesLimit,
  timesIpx: 1.4,
  cpuMsPerImage: { main: 50, store: 30 },
  cpuMsPerImageTotal: 80,
  coresBusy: 2,
  cpuTimesLimit: timesLimit,
  memory: {},
})

const RESULTS: Results = {
  startedAt: '2026-11-23T10:00:00.000Z',
  machine: { cpu: 'cpu', cores: 2, node: 'v26', sharp: '1', libvips: '8', sandbox: 'full' },
  load: { before: 0.1, after: 2 },
  photos: { count: 32, megapixels: 400, megabytes: 100, variantsEach: 5 },
  rounds: 3,
  limit: 'once',
  contenders: [row('once', 1), row('darkroom', 0.86), row('darkroom-s3', 0.81)],
  previews: { idle: { p50: 1, p95: 2, count: 3 }, underLoad: { p50: 1, p95: 2, count: 3 } },
  firstPreview: { photo: 'a', megapixels: 12, sharpMs: 35, poolMs: 105, publishedMs: 122, downloadMs: 9 },
  quality: [],
  targets: [{ what: 'of the limit', wanted: '≥ 0.9', found: '0.81', isMet: false }],
}

it('quotes the row with the store over S3, not the one with the store in process', () => {
  expect(speedPhrase(RESULTS)).toBe('0.81 of')
})

it('says every row, where it was measured, and which target was missed', () => {
  const section = figuresSection(RESULTS)
  expect(section).toContain(
    '32 photos of the shared corpus, medians of 3 rounds.\n2 cores (cpu), load 0.1 before and 2.0 after',
  )
  expect(section).toMatch(/\| darkroom-s3 +\| +2\.00 \| +0\.81 \| +1\.40 \| +80 \| +50 \| +\| +\| +30 \|/)
  expect(section).toMatch(/\| of the limit +\| +≥ 0\.9 \| +0\.81 \| no +\|/)
})
