import { readFileSync } from 'node:fs'
import path from 'node:path'
import { BUILT_IN_PRESETS, PresetDefinition } from '@darkroom/contracts'
import { describe, expect, it } from 'vitest'
import { inspect, renderFile, TOOLS } from './audio-bed.ts'
import { CORPUS, markedLimits, noCorpus, processFile, testPool } from './pool.ts'

interface Row {
  file: string
  expected: string
  durationsSec: number[]
}

/** Independent tools do not agree on the length of every file; one of them has to agree with us. */
function readManifest(): Row[] {
  if (noCorpus) return []
  const [head = '', ...lines] = readFileSync(path.join(CORPUS, 'MANIFEST.tsv'), 'utf8').trim().split('\n')
  const columns = head.split('\t')
  const cell = (line: string, name: string) => line.split('\t')[columns.indexOf(name)] ?? ''
  return lines
    .filter(line => cell(line, 'kind').startsWith('audio/'))
    .map(line => ({
      file: cell(line, 'file'),
      expected: cell(line, 'expected'),
      durationsSec: [cell(line, 'duration_s'), cell(line, 'exiftool_duration_or_pages')].map(Number).filter(Boolean),
    }))
}

const rows = readManifest()
const VARIANTS = [
  { name: 'aac', type: 'sound', codec: 'aac' },
  { name: 'peaks', type: 'peaks' },
  { name: 'waveform', type: 'waveform' },
  { name: 'cover', type: 'cover', format: 'webp' },
]

if (noCorpus) console.warn(`skipped: ${noCorpus}`)

describe.skipIf(noCorpus)('the corpus of audio files', () => {
  it('is read, and all of it is expected to be processed', () => {
    expect(rows.length).toBeGreaterThan(4)
    expect(rows.every(({ expected }) => expected === 'processed')).toBe(true)
  })

  it.concurrent.each(rows)('$file has its length and all its variants', async ({ file, durationsSec }) => {
    const { facts, files, reports } = await renderFile(path.join(CORPUS, file), VARIANTS)
    const errors = durationsSec.map(sec => Math.abs(facts.durationMs - sec * 1000))
    expect(Math.min(...errors)).toBeLessThan(50)
    expect(reports.map(({ name }) => name)).toEqual(['peaks', 'waveform', 'aac'])
    const made = await inspect(files.aac)
    expect(made).toMatchObject({ codec: 'aac', channels: facts.channels, sampleRate: facts.sampleRate })
    expect(Math.abs(made.durationSec * 1000 - facts.durationMs)).toBeLessThan(60)
  })

  it('goes through the sandbox', async () => {
    const podcast = BUILT_IN_PRESETS.find(({ name }) => name === 'podcast')?.definition
    await using pool = Object.assign(await testPool(markedLimits(), { tools: TOOLS }), {
      async [Symbol.asyncDispose]() {
        await pool.close()
      },
    })
    const definition = podcast ?? PresetDefinition.parse({})
    const file = path.join(CORPUS, 'm4a-aac.m4a')
    const { facts, variants, reports } = await processFile(pool, { file, declaredType: 'audio/mp4', definition })
    expect(facts.kind).toBe('audio')
    expect(reports).toEqual(variants)
    expect(variants.map(({ name }) => name)).toEqual(['peaks', 'waveform', 'aac', 'mp3', 'opus'])
  })
})
