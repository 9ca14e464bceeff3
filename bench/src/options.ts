import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CORPUS } from './photos/find-files.ts'

export const USAGE = `npm run bench -- [options]
  --photos <folder>  JPEG, PNG and WebP files to work on (default: ../shared/corpus/bench, else generated ones)
  --limit <n>        only the first n of them
  --rounds <n>       rounds over all contenders (default 3)
  --json <file>      where the figures go; the chart is put beside it (default bench/results/latest.json)
  --publish          writes to bench/published/photos.json instead, where "npm run docs" takes the figures of the README from
  --quick            three photos, one round, few repeats: shows that it runs, says nothing about speed
  --help`

export interface Options {
  /** Null: the shared corpus, or generated photos where there is none. */
  photosFolder: string | null
  maxPhotos: number
  rounds: number
  jsonFile: string
  /** Repeats of each measurement of a single photo. */
  repeats: number
  /** Photos that are sent one at a time, each to an idle Darkroom. */
  idlePhotos: number
}

/** In git, so that what the README says can be held against it. */
const PUBLISHED_JSON_FILE = join(import.meta.dirname, '../published/photos.json')
const DEFAULT_JSON_FILE = join(import.meta.dirname, '../results/latest.json')

/** So that there is a median. */
const FEWEST_PUBLISHED_ROUNDS = 3

/**
 * Reads the arguments of the benchmark of photos.
 * @param corpus where the shared corpus is; without it nothing is published
 * @returns null when help was asked for
 * @throws Error that says what is wrong with the arguments
 */
export function readOptions(args: string[], corpus: string = CORPUS): Options | null {
  const { values } = parseArgs({
    args,
    options: {
      photos: { type: 'string' },
      limit: { type: 'string' },
      rounds: { type: 'string' },
      json: { type: 'string' },
      publish: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  const { quick, publish } = values
  if (publish && (quick || values.photos || values.limit || values.json))
    throw new Error('--publish: expected the whole corpus, without --quick, --photos, --limit and --json')
  // Figures of generated photos compare with nothing.
  if (publish && !existsSync(corpus)) throw new Error(`--publish: expected the shared corpus at ${corpus}`)
  const rounds = count('--rounds', values.rounds) ?? (quick ? 1 : FEWEST_PUBLISHED_ROUNDS)
  if (publish && rounds < FEWEST_PUBLISHED_ROUNDS)
    throw new Error(`--publish: expected at least ${FEWEST_PUBLISHED_ROUNDS} rounds, got ${rounds}`)
  return {
    photosFolder: values.photos === undefined ? null : resolve(values.photos),
    maxPhotos: count('--limit', values.limit) ?? (quick ? 3 : Infinity),
    rounds,
    jsonFile: resolve(values.json ?? (publish ? PUBLISHED_JSON_FILE : DEFAULT_JSON_FILE)),
    repeats: quick ? 3 : 15,
    idlePhotos: quick ? 2 : 16,
  }
}

function count(name: string, value: string | undefined): number | null {
  if (value === undefined) return null
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`${name}: expected a whole number from 1, got "${value}"`)
  return number
}
