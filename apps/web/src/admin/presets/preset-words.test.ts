import type { Backfill, PresetPlan } from '@darkroom/contracts'
import { expect, test } from 'vitest'
import { backfillText, countsText, kindsText, planFigures } from './preset-words.ts'

const PLAN: PresetPlan = {
  preset: { name: 'gallery', version: 2 },
  sampled: false,
  examined: 12_000,
  assets: {
    matched: 12_000,
    touched: 11_840,
    touchedByKind: { image: 11_840 },
    unchanged: 0,
    skipped: 160,
    unknown: 0,
  },
  variants: { added: 11_840, remade: 0, kept: 11_840, dropped: 35_520 },
  cost: {
    cpuSeconds: 9230.4,
    basis: { image: 'preset' },
    bytesToWrite: 2_381_004_000,
    storeCalls: { get: 11_840, put: 11_840, delete: 35_520 },
    finishAt: null,
  },
}

test('a plan says what changes and what it costs', () => {
  expect(planFigures(PLAN).map(({ term, value, note }) => `${term}: ${value}${note ? ` (${note})` : ''}`)).toEqual([
    'Assets to process: 11,840 of 12,000 (image 11,840 · 0 unchanged · 160 skipped)',
    'Variants added: 11,840 (0 made again)',
    'Variants removed: 35,520 (11,840 kept)',
    'Work: 2 h 33 min (of all workers together)',
    'To write: 2.4 GB',
    'Requests to the store: 59,200 (GET 11,840, PUT 11,840, DELETE 35,520)',
    'Finished: unknown (no worker is running)',
  ])
})

test('what nobody knows is not zero', () => {
  const work = planFigures({ ...PLAN, cost: { ...PLAN.cost, cpuSeconds: null } }).find(({ term }) => term === 'Work')
  expect(work).toMatchObject({ value: 'unknown' })
})

test('counts of nothing are left out', () =>
  expect(countsText({ busy: 2, current: 0, deleted: 1 })).toBe('busy 2, deleted 1'))

test('a definition in short', () => {
  const variants = [{ name: 'thumb' }, { name: 'text' }]
  const definition = { document: { variants } } as unknown as Parameters<typeof kindsText>[0]['definition']
  expect(kindsText({ definition })).toBe('document 2')
})

test('the course of a backfill names what is not as usual', () => {
  const backfill: Backfill = {
    id: '01980c5e-7d0a-7000-8000-000000000001',
    preset: { name: 'gallery', version: 2 },
    filter: {},
    status: 'running',
    phase: 'rest',
    reason: null,
    canary: 0,
    ratePerMinute: null,
    progress: 0.5,
    total: 400,
    started: 203,
    active: 3,
    succeeded: 190,
    partial: 0,
    failed: 10,
    cancelled: 0,
    skipped: { busy: 2 },
    failures: { TOO_LARGE: 10 },
    createdAt: '2026-03-01T12:00:00.000Z',
    finishedAt: null,
  }
  expect(backfillText(backfill)).toBe('200 of 400 · 190 done · 10 failed · 3 active · skipped: busy 2')
})
