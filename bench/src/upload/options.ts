import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { CLIENT_IDS, type ClientId } from './client-ids.ts'

export const USAGE = `npm run bench:upload -- [options]
  --rounds <n>      rounds over all clients, in turn (default 3)
  --clients <list>  some of ${CLIENT_IDS.join(',')} (default all)
  --sets <list>     some of large,small (default all)
  --json <file>     where the figures go (default bench/results/upload.json)
  --publish         writes to bench/published/upload.json instead, where "npm run docs" takes the figures of the pages from
  --quick           one round with little data: shows that it runs, says nothing about speed
  --help`

/** Files of one size that are uploaded together. */
export interface FileSet {
  name: string
  count: number
  byteSize: number
  extension: string
}

export interface Options {
  rounds: number
  clients: readonly ClientId[]
  sets: readonly FileSet[]
  jsonFile: string
}

const DEFAULT_JSON_FILE = join(import.meta.dirname, '../../results/upload.json')
/** In git, so that what the pages say can be held against it. */
const PUBLISHED_JSON_FILE = join(import.meta.dirname, '../../published/upload.json')
/** So that there is a median. */
const FEWEST_PUBLISHED_ROUNDS = 3

const SETS = {
  large: { name: '1 × 2 GB', count: 1, byteSize: 2_000_000_000, extension: 'mp4' },
  small: { name: '1,000 × 200 kB', count: 1000, byteSize: 200_000, extension: 'jpg' },
} as const satisfies Record<string, FileSet>

/** One that goes up in parts, and several that do not. */
const QUICK_SETS = {
  large: { name: '1 × 40 MB', count: 1, byteSize: 40_000_000, extension: 'mp4' },
  small: { name: '8 × 200 kB', count: 8, byteSize: 200_000, extension: 'jpg' },
} as const satisfies Record<keyof typeof SETS, FileSet>

type SetId = keyof typeof SETS
const SET_IDS = Object.keys(SETS) as SetId[]

/**
 * Reads the arguments of the benchmark of uploads.
 * @returns null when help was asked for
 * @throws Error that says what is wrong with the arguments
 */
export function readUploadOptions(args: string[]): Options | null {
  const { values } = parseArgs({
    args,
    options: {
      rounds: { type: 'string' },
      clients: { type: 'string' },
      sets: { type: 'string' },
      json: { type: 'string' },
      publish: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  const { quick, publish } = values
  if (publish && (quick || values.clients || values.sets || values.json))
    throw new Error('--publish: expected all clients and all data, without --quick, --clients, --sets and --json')
  const rounds = Number(values.rounds ?? (quick ? 1 : FEWEST_PUBLISHED_ROUNDS))
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds: expected a whole number from 1, got "${values.rounds}"`)
  if (publish && rounds < FEWEST_PUBLISHED_ROUNDS)
    throw new Error(`--publish: expected at least ${FEWEST_PUBLISHED_ROUNDS} rounds, got ${rounds}`)
  return {
    rounds,
    clients: values.clients?.split(',').filter(Boolean).map(toClientId) ?? CLIENT_IDS,
    sets: (values.sets?.split(',').filter(Boolean).map(toSetId) ?? SET_IDS).map(id => (quick ? QUICK_SETS : SETS)[id]),
    jsonFile: resolve(values.json ?? (publish ? PUBLISHED_JSON_FILE : DEFAULT_JSON_FILE)),
  }
}

function toClientId(name: string): ClientId {
  const id = CLIENT_IDS.find(id => id === name)
  if (!id) throw new Error(`--clients: expected some of ${CLIENT_IDS.join(', ')}, got "${name}"`)
  return id
}

function toSetId(name: string): SetId {
  const id = SET_IDS.find(id => id === name)
  if (!id) throw new Error(`--sets: expected some of ${SET_IDS.join(', ')}, got "${name}"`)
  return id
}
