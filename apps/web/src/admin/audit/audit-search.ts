import type { AuditResult } from '@darkroom/contracts'
import { choiceIn, textIn } from '../../routes/plain-search.ts'

/** Which entries are shown, as the address has it. */
export interface AuditSearch {
  result?: AuditResult | undefined
  key?: string
  action?: string
  target?: string
}

/** The results in words, with all of them first. */
export const RESULTS: Record<AuditResult | 'all', string> = {
  all: 'All',
  done: 'Done',
  failed: 'Refused or failed',
  started: 'Started, not ended',
}

const { all: _, ...NARROWING } = RESULTS

/** Reads the query string of the page. */
export function auditSearchOf(search: Record<string, unknown>): AuditSearch {
  const result = choiceIn(search, 'result', NARROWING)
  const texts = (['key', 'action', 'target'] as const).flatMap(name => {
    const text = textIn(search, name)
    return text === undefined ? [] : [[name, text] as const]
  })
  return { ...(result && { result }), ...Object.fromEntries(texts) }
}
