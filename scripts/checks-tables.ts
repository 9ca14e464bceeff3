import { CHECK_GROUPS } from '../apps/cli/src/doctor/all-checks.ts'
import { markdownTable } from './markdown-table.ts'

/** Formats every check of `darkroom doctor` as Markdown, by group. */
export function checksTables(): string {
  return Object.entries(CHECK_GROUPS)
    .map(([group, checks]) => `### ${group}\n\n${tableOf(checks)}`)
    .join('\n\n')
}

/** Formats the claims on B2 that have no proof but a check. */
export function claimsTable(): string {
  const claims = Object.values(CHECK_GROUPS).flatMap(checks =>
    checks.flatMap(({ id, proves }) => (proves === undefined ? [] : [[proves, `\`${id}\``]])),
  )
  return markdownTable([{ title: 'claim' }, { title: 'check' }], claims)
}

const tableOf = (checks: (typeof CHECK_GROUPS)[string]): string =>
  markdownTable(
    [{ title: 'check' }, { title: 'what holds when all is well' }, { title: 'likely cause' }, { title: 'what to do' }],
    checks.map(({ id, title, cause, fix, repair }) => [
      `\`${id}\``,
      title,
      cellOf(cause),
      `${cellOf(fix)}${repair ? ' `--fix` does it.' : ''}`,
    ]),
  )

/** What stands in angle brackets is no tag. */
const cellOf = (text: string): string => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
