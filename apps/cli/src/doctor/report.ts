import { styleText } from 'node:util'
import { type CheckResult, isAmiss } from '@darkroom/core/checks'
import { counted } from '../output.ts'
import { printable } from '../terminal-text.ts'
import type { GroupResults } from './run-doctor.ts'

const MARKS = { ok: '✓', warning: '!', fault: '✗', not_checked: '–' } as const
const COLOURS = { ok: 'green', warning: 'yellow', fault: 'red', not_checked: 'gray' } as const

type State = CheckResult['state']

/** Formats results for a person: a line for each check, then what to do. */
export function report(all: readonly GroupResults[]): string {
  const groups = all.filter(({ results }) => results.length > 0)
  const checks = groups.flatMap(({ results }) => results)
  const width = Math.max(...checks.map(({ id }) => id.length))
  const lines = groups.flatMap(({ group, results }) => [
    '',
    styleText('bold', group, { stream: process.stdout }),
    ...linesOf(results, width),
  ])
  return [...lines.slice(1), ...whatToDo(checks.filter(isAmiss)), '', summary(checks)].join('\n')
}

/** A group of which nothing could be checked has one line: that says it all. */
function linesOf(results: readonly CheckResult[], width: number): string[] {
  const [first] = results
  if (first === undefined || results.length === 1 || results.some(({ state }) => state !== 'not_checked'))
    return results.map(result => lineOf(result, width))
  const mark = styleText(COLOURS.not_checked, MARKS.not_checked, { stream: process.stdout })
  return [`  ${mark} ${counted(results.length, 'check')} not made: ${printable(first.seen)}`]
}

function lineOf({ id, title, state, seen, repaired }: CheckResult, width: number): string {
  const mark = styleText(COLOURS[state], MARKS[state], { stream: process.stdout })
  return printable(`${id.padEnd(width)}  ${title}: ${repaired ? `${repaired}; ` : ''}${seen}`).replace(
    /^/,
    `  ${mark} `,
  )
}

function whatToDo(amiss: CheckResult[]): string[] {
  if (amiss.length === 0) return []
  const steps = amiss.flatMap(({ id, state, cause = '', fix = '' }) => [
    `  ${styleText(COLOURS[state], MARKS[state], { stream: process.stdout })} ${id}`,
    `    Likely cause: ${printable(cause)}`,
    `    What to do: ${printable(fix)}`,
  ])
  const repairable = amiss.filter(({ isRepairable }) => isRepairable).map(({ id }) => id)
  return [
    '',
    styleText('bold', 'What to do', { stream: process.stdout }),
    ...steps,
    ...(repairable.length > 0 ? [`  npx darkroom doctor --fix repairs ${repairable.join(', ')}`] : []),
  ]
}

/** Counts the results by state. */
export const countsOf = (results: readonly CheckResult[]): Record<State, number> => {
  const of = (state: State) => results.filter(each => each.state === state).length
  return { ok: of('ok'), warning: of('warning'), fault: of('fault'), not_checked: of('not_checked') }
}

function summary(all: readonly CheckResult[]): string {
  const { ok, warning, fault, not_checked } = countsOf(all)
  return `${counted(fault, 'fault')}, ${counted(warning, 'warning')}, ${ok} fine, ${not_checked} not checked.`
}
