import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { MEDIA_KINDS, type MediaKind } from '@darkroom/contracts'

export const USAGE = `npm run bench:media -- [options]
  --kinds <list>   some of ${MEDIA_KINDS.join(',')} (default all)
  --runs <n>       runs of each side, in turn (default 5)
  --big            also sends a video of 2 GB through a real Darkroom and watches its memory (10 GB of disk)
  --json <file>    where the figures go (default bench/results/media.json)
  --quick          one run with small inputs: shows that it runs, says nothing about speed
  --help`

export interface KindOptions {
  kinds: readonly MediaKind[]
  runs: number
  isBig: boolean
  isQuick: boolean
  jsonFile: string
}

const DEFAULT_JSON_FILE = join(import.meta.dirname, '../../results/media.json')

/** @returns null when help was asked for. @throws Error that says what is wrong with the arguments */
export function readKindOptions(args: string[]): KindOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      kinds: { type: 'string', default: MEDIA_KINDS.join(',') },
      runs: { type: 'string' },
      big: { type: 'boolean', default: false },
      json: { type: 'string' },
      quick: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  const runs = Number(values.runs ?? (values.quick ? 1 : 5))
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error(`--runs: expected a whole number from 1, got "${values.runs}"`)
  return {
    kinds: values.kinds.split(',').filter(Boolean).map(toKind),
    runs,
    isBig: values.big,
    isQuick: values.quick,
    jsonFile: resolve(values.json ?? DEFAULT_JSON_FILE),
  }
}

function toKind(name: string): MediaKind {
  const kind = MEDIA_KINDS.find(kind => kind === name)
  if (!kind) throw new Error(`--kinds: expected some of ${MEDIA_KINDS.join(', ')}, got "${name}"`)
  return kind
}
