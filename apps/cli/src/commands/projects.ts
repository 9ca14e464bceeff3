import { CreateProject, PROJECT_STATUSES, ProjectPatch, type ProjectStatus } from '@darkroom/contracts/projects'
import type { Darkroom, Schemas } from '@darkroom/sdk'
import { Command, Option } from 'commander'
import prettyBytes from 'pretty-bytes'
import { z } from 'zod'
import { CommandError, EXIT } from '../exit-codes.ts'
import { projectByName } from '../find-project.ts'
import { commandWithJson, print } from '../output.ts'
import { connectSdk, everyOf, given } from '../sdk-client.ts'
import { table } from '../table.ts'
import { deleteCommand, restoreCommand, showCommand } from './project-deletion.ts'

type Project = Schemas['Project']
type Json = { json?: true }

export const projectsCommand = () =>
  new Command('projects')
    .addCommand(
      commandWithJson('create', {
        description: 'create a project; `npx darkroom keys create --project <name>` creates its first key',
        example: 'projects create shop quotaBytes=50000000000 browserOrigins=https://shop.example',
      })
        .argument('<name>')
        .argument('[settings...]', SETTINGS_HELP)
        .action(create),
    )
    .addCommand(
      commandWithJson('list', {
        description: 'list projects with their usage and limits',
        example: 'projects list --status deleting',
      })
        .addOption(new Option('--status <status>', 'only projects with this status').choices(PROJECT_STATUSES))
        .action(list),
    )
    .addCommand(showCommand())
    .addCommand(
      commandWithJson('set', {
        description: 'change settings of a project; they take effect with the next request',
        example: 'projects set shop requestsPerMinute=600 quotaBytes=null',
      })
        .argument('<name>')
        .argument('<settings...>', SETTINGS_HELP)
        .action(set),
    )
    .addCommand(deleteCommand())
    .addCommand(restoreCommand())

const SETTINGS = ProjectPatch.shape
const SETTINGS_HELP = `name=value; null removes a limit, commas separate lists. Names: ${Object.keys(SETTINGS).join(', ')}`
const LISTS: ReadonlySet<string> = new Set(['allowedTypes', 'browserOrigins', 'failOn'])
const TEXTS: ReadonlySet<string> = new Set(['name', 'defaultPreset', 'cdnBaseUrl'])

/**
 * Parses `quotaBytes=1000 browserOrigins=https://a.example,https://b.example` to what the API takes. @throws
 * CommandError
 */
function parseSettings(texts: string[]): Record<string, unknown> {
  return Object.fromEntries(
    texts.map(setting => {
      const [name = '', ...rest] = setting.split('=')
      if (!Object.hasOwn(SETTINGS, name) || rest.length === 0)
        throw new CommandError(`"${setting}" is not a setting: ${SETTINGS_HELP}.`, EXIT.usage)
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
  if (error) throw new CommandError(z.prettifyError(error), EXIT.usage)
  return data as z.output<T>
}

async function create(name: string, texts: string[], options: Json): Promise<void> {
  const settings = check(CreateProject, { ...parseSettings(texts), name })
  const { darkroom } = await connectSdk()
  const project = await darkroom.admin.projects.create({ ...given(settings), name })
  print(options, project, () => `project ${project.name} is ${project.id}`)
}

async function set(name: string, texts: string[], options: Json): Promise<void> {
  const change = check(ProjectPatch, parseSettings(texts))
  const { darkroom } = await connectSdk()
  const { id } = await projectByName(darkroom, name)
  const changed = await darkroom.admin.projects.update(id, given(change))
  print(options, changed, () => `project ${changed.name} is changed`)
}

async function list({ status, ...options }: Json & { status?: ProjectStatus }): Promise<void> {
  const { darkroom } = await connectSdk()
  const all = await everyOf(darkroom.admin.projects.each({ limit: 200, ...given({ status }) }))
  const projects = await withUsage(darkroom, all)
  print(options, projects, () => table(COLUMNS, projects.map(rowOf)))
}

function rowOf({ id, name, usage, quotaBytes, requestsPerMinute, isPrivate, status }: Listed): (string | number)[] {
  const flags = [status !== 'active' && status, isPrivate && 'private'].filter(flag => flag !== false)
  const has = usage ? [prettyBytes(usage.bytes), usage.objects, usage.openUploads.count] : ['', '', '']
  const may = [quotaBytes === null ? '' : prettyBytes(quotaBytes), requestsPerMinute ?? '']
  return [name, id, ...has, ...may, flags.join(', ')]
}

const COLUMNS = [
  ...[
    { title: 'NAME', clip: true as const },
    'ID',
    'STORED',
    { title: 'OBJECTS', drop: 2 },
    { title: 'OPEN', drop: 3 },
  ],
  ...[{ title: 'QUOTA', drop: 4 }, { title: 'PER MINUTE', drop: 1 }, ''],
]

/** So many requests at once do not crowd out others. */
const AT_ONCE = 8

/** Of one that was deleted there is no usage. */
type Listed = Project & { usage: Schemas['Usage'] | null }

async function withUsage(darkroom: Darkroom, projects: Project[]): Promise<Listed[]> {
  const all: Listed[] = []
  for (let first = 0; first < projects.length; first += AT_ONCE) {
    const some = projects.slice(first, first + AT_ONCE).map(async project => {
      const usage = project.status === 'deleted' ? null : await darkroom.admin.projects.usage(project.id)
      return { ...project, usage }
    })
    all.push(...(await Promise.all(some)))
  }
  return all
}
