import { parseArgs } from 'node:util'
import { BACKENDS, type Backend } from './deployment/settings.ts'

export const USAGE = `npm run chaos -- [options]
  --scenario <list>   numbers, such as 7,14 (default: all)
  --backend <name>    redis, postgres or both (default both)
  --trials <n>        faults per scenario and backend (default 20)
  --seed <text>       repeats the choices of an earlier run (default: a new one, printed)
  --resume            with --seed: goes on with that run, which was ended, after its last scenario
  --jobs <n>          deployments at once (default 3: most of the time is waiting)
  --scale <factor>    outages of the table, times this (default 0.33)
  --full              outages as long as the table says, soak of 30 minutes; same as --scale 1
  --sabotage <name>   switch a defence off: fence, reconciler or dedupe; the run must go red
  --prove             every sabotage with the scenarios that must notice it; succeeds when all go red
  --smoke             seven scenarios, few trials, at most 90 s
  --list              what there is
  --help`

export const SABOTAGES = ['fence', 'reconciler', 'dedupe'] as const
export type Sabotage = (typeof SABOTAGES)[number]

export interface Options {
  mode: 'run' | 'prove' | 'list'
  /** Null: all. */
  scenarios: number[] | null
  backends: Backend[]
  trials: number
  seed: string
  jobs: number
  scale: number
  sabotage: Sabotage | null
  isSmoke: boolean
  isResumed: boolean
}

const DEFAULT_SCALE = 0.33
/** Those that wait longest come first. */
const SMOKE = { scenarios: [12, 6, 8, 16, 34, 3, 4], trials: 2, jobs: 5 }

/** @returns null when help was asked for. @throws Error that says what is wrong with the arguments */
export function readOptions(args: string[]): Options | null {
  const { values } = parseArgs({
    args,
    options: {
      scenario: { type: 'string' },
      backend: { type: 'string', default: 'both' },
      trials: { type: 'string' },
      seed: { type: 'string' },
      resume: { type: 'boolean', default: false },
      jobs: { type: 'string' },
      scale: { type: 'string' },
      full: { type: 'boolean', default: false },
      sabotage: { type: 'string' },
      prove: { type: 'boolean', default: false },
      smoke: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  if (values.resume && values.seed === undefined) throw new Error('--resume: say which run with --seed')
  const isSmoke = values.smoke
  const trials = values.trials === undefined ? null : positive('--trials', values.trials)
  const jobs = values.jobs === undefined ? null : positive('--jobs', values.jobs)
  return {
    mode: values.list ? 'list' : values.prove ? 'prove' : 'run',
    scenarios:
      values.scenario?.split(',').map(text => positive('--scenario', text)) ?? (isSmoke ? SMOKE.scenarios : null),
    backends: backendsOf(values.backend),
    trials: trials ?? (isSmoke ? SMOKE.trials : 20),
    seed: values.seed ?? Math.random().toString(36).slice(2, 8),
    jobs: jobs ?? (isSmoke ? SMOKE.jobs : 3),
    scale: values.full ? 1 : values.scale === undefined ? DEFAULT_SCALE : positive('--scale', values.scale),
    sabotage: values.sabotage === undefined ? null : sabotageOf(values.sabotage),
    isSmoke,
    isResumed: values.resume,
  }
}

function positive(name: string, text: string): number {
  const number = Number(text)
  if (!(number > 0)) throw new Error(`${name}: expected a number above 0, got "${text}"`)
  return number
}

function backendsOf(text: string): Backend[] {
  const backends = BACKENDS.filter(backend => text === 'both' || text === backend)
  if (backends.length === 0) throw new Error(`--backend: expected redis, postgres or both, got "${text}"`)
  return backends
}

function sabotageOf(text: string): Sabotage {
  const found = SABOTAGES.find(name => name === text)
  if (!found) throw new Error(`--sabotage: expected one of ${SABOTAGES.join(', ')}, got "${text}"`)
  return found
}
