import { COMMANDS, type Entry } from '../apps/cli/src/commands.ts'
import { markdownTable } from './markdown-table.ts'

/** Formats every command of the command line as Markdown, with what it uses apart from the API. */
export function commandsTable(): string {
  const forms = Object.entries(COMMANDS).flatMap(([name, entry]): [string, Entry][] => [
    [name, entry],
    ...Object.entries(entry.with ?? {}).map(([option, form]): [string, Entry] => [`${name} ${option}`, form]),
  ])
  return markdownTable(
    [{ title: 'command' }, { title: 'what it does' }, { title: 'uses itself' }],
    forms.map(([name, { description, needs = '' }]) => [`\`${name}\``, description, needs]),
  )
}
