import { z } from 'zod'
import { ProjectPatch } from '../packages/contracts/src/projects.ts'
import { markdownTable } from './markdown-table.ts'

/** Formats the settings of a project with their meanings as Markdown. */
export function projectSettingsTable(): string {
  const { name: _name, ...settings } = ProjectPatch.shape
  return markdownTable(
    [{ title: 'setting' }, { title: 'meaning' }],
    Object.entries(settings).map(([setting, schema]) => [`\`${setting}\``, descriptionOf(setting, schema)]),
  )
}

/** @throws Error for a setting that says nothing of itself */
function descriptionOf(setting: string, schema: z.ZodType): string {
  const { description } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  if (!description) throw new Error(`the setting ${setting} has no description`)
  return description.replaceAll('|', '\\|')
}
