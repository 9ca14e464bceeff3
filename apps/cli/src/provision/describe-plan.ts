import type { KeptSetting, NewKey, PlannedChange, ProvisionPlan, ProvisionResult } from '@darkroom/storage'
import { counted } from '../output.ts'
import { printableLines } from '../terminal-text.ts'

const APIS: Record<ProvisionPlan['api'], string> = { native: 'the native API of B2', s3: 'the S3 API' }

/** Says what would change and why, what stays, and what was not looked at. */
export function describePlan({ api, planned, kept }: ProvisionPlan, notes: string[]): string {
  const summary = planned.length === 0 ? 'Nothing to change' : counted(planned.length, 'change')
  const sections = [
    `${summary}, by ${APIS[api]}.`,
    ...byTarget(planned).map(([target, lines]) => [target, ...lines.flatMap(describeChange)].join('\n')),
    ...(kept.length > 0 ? [['Kept as it is', ...kept.map(describeKept)].join('\n')] : []),
    ...(notes.length > 0 ? [['Not looked at', ...notes.map(note => `  ${note}`)].join('\n')] : []),
  ]
  return printableLines(sections.join('\n\n'))
}

/** Says whether all was done, with the secrets that nobody will be shown again. */
export function describeResult({ keys, eventSecret }: ProvisionResult, isDone: boolean): string {
  const secrets = [...(eventSecret ? [describeSecret(eventSecret)] : []), ...keys.map(describeKey)]
  const warning = 'Put these into the environment of each process. They are not shown again.'
  const summary = isDone ? 'Done.' : 'Not finished, but these secrets were made.'
  return [summary, ...(secrets.length > 0 ? [warning, ...secrets] : [])].join('\n\n')
}

/** Formats one change for an error message. */
export const describeShort = ({ target, part, is, will }: PlannedChange): string =>
  printableLines(`${target}: ${part}: ${is} → ${will}`)

function describeChange({ part, is, will, why }: PlannedChange): string[] {
  return [`  ${part}: ${is}`, `    → ${will}`, `      because ${why}`]
}

const describeKept = ({ part, target, is, why }: KeptSetting): string => `  ${target}: ${part}: ${is} (${why})`

const describeSecret = (secret: string): string => `# API and workers\nB2_EVENT_SECRET=${secret}`

const describeKey = ({ name, keyId, applicationKey }: NewKey): string =>
  `# ${name === 'darkroom-api' ? 'API' : 'workers, or npm start'}\nB2_KEY_ID=${keyId}\nB2_APPLICATION_KEY=${applicationKey}`

const byTarget = (planned: PlannedChange[]): [string, PlannedChange[]][] => [
  ...Map.groupBy(planned, ({ target }) => target),
]
