import { parseArgs } from 'node:util'
import { BACKENDS, type Backend } from '../deployment/settings.ts'

export const USAGE = `npm run bench:backfill -- [options]
  --assets <n>      small photos in the library (default 10000)
  --kills <n>       kill -9 of every worker and API on the way (default 6)
  --workers <n>     worker processes (default 2)
  --probes <n>      single uploads before the backfill, for the p95 (default 40)
  --backend <name>  redis or postgres (default postgres)
  --seed <text>     the same photos and kills again (default: a new one, printed)
  --help`

export interface ProofOptions {
  assets: number
  kills: number
  workers: number
  probes: number
  backend: Backend
  seed: string
  pace: Pace
}

/** Milliseconds that those who watch a backfill pause. */
export interface Pace {
  /** Who uploads one photo after the other. */
  uploadMs: number
  /** Who fetches what the URLs of one asset after the other are and were. */
  urlMs: number
}

const PACE: Pace = { uploadMs: 300, urlMs: 50 }

/** @returns null when help was asked for. @throws Error that says what is wrong with the arguments */
export function readProofOptions(args: string[]): ProofOptions | null {
  const { values } = parseArgs({
    args,
    options: {
      assets: { type: 'string', default: '10000' },
      kills: { type: 'string', default: '6' },
      workers: { type: 'string', default: '2' },
      probes: { type: 'string', default: '40' },
      backend: { type: 'string', default: 'postgres' },
      seed: { type: 'string', default: Math.random().toString(36).slice(2, 8) },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  const backend = BACKENDS.find(name => name === values.backend)
  if (!backend) throw new Error(`--backend: expected redis or postgres, got "${values.backend}"`)
  return {
    assets: count('--assets', values.assets),
    kills: count('--kills', values.kills),
    workers: count('--workers', values.workers),
    probes: count('--probes', values.probes),
    backend,
    seed: values.seed,
    pace: PACE,
  }
}

function count(name: string, text: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1)
    throw new Error(`${name}: expected a whole number above 0, got "${text}"`)
  return number
}
