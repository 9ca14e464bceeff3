import { CreateProject, ProjectPatch } from '@darkroom/contracts'
import {
  changeProject,
  type Database,
  everywhereForgotten,
  findPreset,
  findProjectByName,
  insertProject,
  listProjects,
  type Project,
  readUsage,
  type Usage,
} from '@darkroom/db'
import { Command } from 'commander'
import { z } from 'zod'
import { CommandError } from '../admin-client.ts'
import { commandWithJson, print, table } from '../output.ts'
import { withDatabase } from '../with-database.ts'

const PAGE = 200

type Json = { json?: true }

export const projectsCommand = () =>
  new Command('projects')
    .description('create, list and change projects (needs DATABASE_URL)')
    .addCommand(
      commandWithJson('create')
        .argument('<name>')
        .argument('[settings...]', SETTINGS_HELP)
        .description('create a project; `darkroom keys create --project <name>` makes its first key')
        .action((name: string, settings: string[], options: Json) =>
          withDatabase(db => create(db, name, settings, options)),
        ),
    )
    .addCommand(
      commandWithJson('list')
        .description('list projects, what they have and what they may have')
        .action((options: Json) => withDatabase(db => list(db, options))),
    )
    .addCommand(
      commandWithJson('set')
        .argument('<name>')
        .argument('<settings...>', SETTINGS_HELP)
        .description('change a project; holds from the next request on')
        .action((name: string, settings: string[], options: Json) =>
          withDatabase(db => set(db, name, settings, options)),
        ),
    )

const SETTINGS = ProjectPatch.shape
const SETTINGS_HELP = `name=value, with null for no limit and commas in lists; names: ${Object.keys(SETTINGS).join(', ')}`
const LISTS: ReadonlySet<string> = new Set(['allowedTypes', 'browserOrigins'])
const TEXTS: ReadonlySet<string> = new Set(['name', 'defaultPreset', 'cdnBaseUrl'])

/** `quotaBytes=1000 browserOrigins=https://a.example,https://b.example` as the API takes it. @throws CommandError */
function parseSettings(given: string[]): Record<string, unknown> {
  return Object.fromEntries(
    given.map(setting => {
      const [name = '', ...rest] = setting.split('=')
      if (!Object.hasOwn(SETTINGS, name) || rest.length === 0)
        throw new CommandError(`"${setting}" is no setting: ${SETTINGS_HELP}.`)
      return [name, parseValue(name, rest.join('='))]
    }),
  )
}

function parseValue(name: string, value: string): unknown {
  if (value === 'null') return null
  if (LISTS.has(name)) return value.split(',').flatMap(item => item.trim() || [])
  if (TEXTS.has(name)) return value
  return value === 'true' || value === 'false' ? value === 'true' : Number(value)
}

/** @throws CommandError naming every fault */
function check<T extends z.ZodType>(schema: T, settings: unknown): z.output<T> {
  const { data, error } = schema.safeParse(settings)
  if (error) throw new CommandError(z.prettifyError(error))
  return data as z.output<T>
}

async function create(db: Database, name: string, given: string[], options: Json): Promise<void> {
  if (await findProjectByName(db, name)) throw new CommandError(`There is a project "${name}"; see "projects set".`)
  const settings = check(CreateProject, { ...parseSettings(given), name })
  await checkPreset(db, null, settings.defaultPreset)
  const project = await insertProject(db, settings)
  print(options, project, () => `project ${project.name} is ${project.id}`)
}

async function set(db: Database, name: string, given: string[], options: Json): Promise<void> {
  const project = await findProjectByName(db, name)
  if (!project) throw new CommandError(`There is no project "${name}"; see "darkroom projects list".`)
  const change = check(ProjectPatch, parseSettings(given))
  if (change.name && change.name !== name && (await findProjectByName(db, change.name)))
    throw new CommandError(`There is a project "${change.name}".`)
  await checkPreset(db, project.id, change.defaultPreset)
  const changed = await changeProject(db, project.id, change)
  await everywhereForgotten()
  print(options, changed, () => `project ${change.name ?? name} is changed`)
}

const NO_PROJECT = '00000000-0000-0000-0000-000000000000'

async function checkPreset(db: Database, projectId: string | null, name: string | null | undefined): Promise<void> {
  if (name && !(await findPreset(db, projectId ?? NO_PROJECT, name)))
    throw new CommandError(`The project has no preset named "${name}".`)
}

async function list(db: Database, options: Json): Promise<void> {
  const projects: (Project & { usage: Usage })[] = []
  for await (const project of everyProject(db)) projects.push({ ...project, usage: await readUsage(db, project.id) })
  const rows = projects.map(({ id, name, usage, quotaBytes, requestsPerMinute, isPrivate }) => [
    ...[name, id, usage.bytes, usage.objects, usage.openUploads],
    ...[quotaBytes ?? '', requestsPerMinute ?? '', isPrivate ? 'private' : ''],
  ])
  const headings = ['NAME', 'ID', 'BYTES', 'OBJECTS', 'OPEN', 'QUOTA', 'PER MINUTE', '']
  print(options, projects, () => table(headings, rows))
}

async function* everyProject(db: Database): AsyncIterable<Project> {
  let after: string | null = null
  while (true) {
    const page: Project[] = await listProjects(db, { after, limit: PAGE })
    yield* page
    const last = page.at(-1)
    if (!last || page.length < PAGE) return
    after = last.id
  }
}
