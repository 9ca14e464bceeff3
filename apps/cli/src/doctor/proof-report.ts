import type { CheckResult } from '@darkroom/core/checks'
import type { GroupResults } from './run-doctor.ts'

/** Names of an installation, and what stands for them in a report that leaves it. */
export type Aliases = readonly (readonly [name: string, alias: string])[]

/** Formats what the checks prove of docs/b2.md, as Markdown that can be sent to us: it names no bucket and no key. */
export function proofReport(groups: readonly GroupResults[], about: { endpoint: string }, aliases: Aliases): string {
  const claims = groups.flatMap(({ results }) => results).filter(({ proves }) => proves !== undefined)
  const withoutNames = (text: string) =>
    aliases.reduce((rest, [name, alias]) => (name === '' ? rest : rest.replaceAll(name, alias)), text)
  return [
    `# What ${about.endpoint} does, ${new Date().toISOString().slice(0, 10)}`,
    '',
    '| claim | holds | seen | check |',
    '| --- | --- | --- | --- |',
    ...claims.map(
      each =>
        `| ${each.proves} | ${verdictOf(each)} | ${withoutNames(each.seen).replaceAll('|', '\\|')} | ${each.id} |`,
    ),
  ].join('\n')
}

const verdictOf = ({ holds }: CheckResult): string => (holds === undefined ? 'not known' : holds ? 'yes' : 'no')
