import { ERRORS, type ErrorArea } from '@darkroom/contracts'
import { knownFailureReasons } from '@darkroom/storage'
import { markdownTable } from './markdown-table.ts'

/** What a reader sees when a code of an area is the cause. Every area has one, so every code is on the page. */
const SYMPTOMS: Record<ErrorArea, string> = {
  request: 'A request is refused',
  upload: 'An upload is refused or does not finish',
  content: 'A file becomes `failed`',
  work: 'Processing stops, is repeated or cannot be controlled',
  operation: 'The installation raises an alarm, or a command fails',
  outside: 'A call to somebody else fails: import, webhook',
}

/** Formats every error code below the symptom of its area as Markdown, with what an admin can do. */
export function symptomsOfCodes(): string {
  return Object.entries(SYMPTOMS)
    .map(([area, symptom]) => `## ${symptom}\n\n${tableOf(area)}`)
    .join('\n\n')
}

function tableOf(area: string): string {
  const rows = Object.entries(ERRORS)
    .filter(([, entry]) => entry.area === area)
    .map(([code, { title, status, admin }]) => [
      `[\`${code}\`](errors.md#${code.toLowerCase()})`,
      `${title} (${status})`,
      admin,
    ])
  return markdownTable([{ title: 'code' }, { title: 'what it says' }, { title: 'what to do' }], rows)
}

/** Formats what `/readyz` says of a store whose fault is known, with its cause, as a Markdown table. */
export function storeReasonsTable(): string {
  const rows = knownFailureReasons().map(({ reason, cause, fix }) => [reason, cause, fix])
  return markdownTable([{ title: '`detail` begins with' }, { title: 'cause' }, { title: 'what to do' }], rows)
}
