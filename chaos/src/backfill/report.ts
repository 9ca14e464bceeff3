import { describe, type Proof } from './prove-backfill.ts'
import type { SingleUpload } from './single-uploads.ts'

const MAX_VIOLATIONS = 20

/** Formats for the terminal what was proven, or what is wrong. */
export function proofText({ backfill, seconds, kills, effects, ...seen }: Proof): string {
  const running = kills.reduce((sum, kill) => sum + kill.running, 0)
  const rows = [
    ['assets', `${backfill.succeeded} of ${backfill.total} moved in ${Math.round(seconds)} s`],
    ['kills', `${kills.length} of everything, ${running} jobs running in all`],
    ['jobs', `${effects.jobs}; ${effects.repeatedRuns} runs repeated`],
    ['files', `${effects.files} wanted; ${effects.repeatedFiles} written in vain`],
    ['URLs', `${seen.urlsFetched} fetched on the way`],
    ['single uploads before', describe(seen.idle)],
    ['single uploads during', `${describe(seen.during)}; without those that a kill touched`],
    ['with those', describe(seen.withKills)],
    ['slowest without a kill', describeOne(seen.during.slowest)],
    ['p95 during : before', (seen.during.p95Ms / seen.idle.p95Ms).toFixed(2)],
  ]
  const table = rows.map(([name = '', value]) => `${name.padEnd(24)}${value}`)
  const wrong = seen.violations.map(({ kind, subject, detail }) => `RED ${kind}: ${subject}: ${detail}`)
  const more = wrong.length > MAX_VIOLATIONS ? [`and ${wrong.length - MAX_VIOLATIONS} more`] : []
  return [...table, '', ...wrong.slice(0, MAX_VIOLATIONS), ...more, wrong.length === 0 ? 'green' : 'RED'].join('\n')
}

const describeOne = (upload: SingleUpload | undefined): string =>
  upload ? `${upload.ms} ms (${upload.waitMs} queued), attempts ${upload.attempts}` : 'none'
