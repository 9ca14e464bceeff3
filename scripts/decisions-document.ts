import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, '../docs/decisions')
const NUMBERED = /^(\d{4})-.*\.md$/

/** Formats the index of all decisions as Markdown, by number, each with its title. */
export function decisionsDocument(generated: string): string {
  const rows = readdirSync(FOLDER)
    .sort()
    .flatMap(file => {
      const number = NUMBERED.exec(file)?.[1]
      return number ? [`| [${number}](${file}) | ${titleOf(file)} |`] : []
    })
  return [
    '# Decisions',
    generated,
    'Design decisions with their reasons, alternatives and costs, one per file. Numbers are never reused. The title names the subject.',
    ['| number | subject |', '|---|---|', ...rows].join('\n'),
  ].join('\n\n')
}

/** Reads the title from the first line. @throws Error when that is no heading */
function titleOf(file: string): string {
  const [, title] = /^# (?!\d)(.+)\n/.exec(readFileSync(join(FOLDER, file), 'utf8')) ?? []
  if (!title) throw new Error(`docs/decisions/${file} does not begin with "# " and its subject, without a number`)
  return title
}
