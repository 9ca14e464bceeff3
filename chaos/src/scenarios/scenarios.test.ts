import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CRASHPOINTS } from '@darkroom/core'
import { expect, it } from 'vitest'
import { SCENARIOS } from './index.ts'

/** 40 that break one part after the other, then the crashes of webhooks, backfills and imports, servers that say nothing, and fail-over of Redis. */
const LAST = 48

it('has every scenario of the table, each once', () => {
  const wanted = Array.from({ length: LAST }, (_, index) => index + 1)
  expect(SCENARIOS.map(({ number }) => number)).toEqual(wanted)
})

/** The import of a bucket is a command and no service of the harness: its own tests kill it. */
const COMMAND_TEST = join(import.meta.dirname, '../../../packages/ingest/test/import-bucket.test.ts')

it('kills a process at every crash point', () => {
  const scenarios = readdirSync(import.meta.dirname).map(name => join(import.meta.dirname, name))
  const sources = [...scenarios, COMMAND_TEST].map(file => readFileSync(file, 'utf8'))
  expect(CRASHPOINTS.filter(point => !sources.some(source => source.includes(`'${point}'`)))).toEqual([])
})
