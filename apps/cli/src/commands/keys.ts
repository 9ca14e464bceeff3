import type { ApiKey, KeyCreated } from '@darkroom/contracts'
import { SCOPES, type Scope } from '@darkroom/contracts/projects'
import { DarkroomError } from '@darkroom/sdk'
import { Command, InvalidArgumentError, Option } from 'commander'
import { isOfProject } from '../connection.ts'
import { CommandError, EXIT } from '../exit-codes.ts'
import { findProjectByName, projectByName } from '../find-project.ts'
import { commandWithJson, moment, print } from '../output.ts'
import { type Connected, connectSdk, everyOf, given } from '../sdk-client.ts'
import { table } from '../table.ts'

type Json = { json?: true }
type NewKey = { project?: string; name: string; scopes: Scope[]; operator?: true; expires?: Date }
type CreateOptions = Json & NewKey & { direct?: true }

const DEFAULT_PROJECT = 'default'
const ID = 'the eight characters between the underscores of the key'

export const keysCommand = () =>
  new Command('keys')
    .addCommand(
      commandWithJson('create', {
        description: 'create an API key and print it; it is shown only once',
        example: 'keys create --project shop --name "web shop" --scopes upload,read',
      })
        .option('--project <name>', `project of the key, created if it does not exist (default: ${DEFAULT_PROJECT})`)
        .option('--name <name>', 'purpose of the key', 'created by the command line')
        .option('--scopes <list>', `comma-separated scopes: ${SCOPES.join(', ')}`, parseScopes, [...SCOPES])
        .option('--expires <time>', 'when the key expires, such as 2027-01-31 or 2027-01-31T12:00Z', parseTime)
        .addOption(
          new Option('--operator', 'create an operator key, with access to the whole installation').conflicts(
            'project',
          ),
        )
        .option(
          '--direct',
          'write directly to the database of DATABASE_URL, or of the `npm start` on this machine: for the first key, or when all keys are lost',
        )
        .action(create),
    )
    .addCommand(
      commandWithJson('list', {
        description: 'list API keys, without their secrets',
        example: 'keys list --project shop',
      })
        .option('--project <name>', 'only keys of this project')
        .action(list),
    )
    .addCommand(
      commandWithJson('rotate', {
        description: 'replace a key, and print the new one',
        example: 'keys rotate Ab3dE6gH --overlap 86400',
      })
        .argument('<id>', ID)
        .option('--overlap <seconds>', 'how long the old key still works', parseSeconds, 0)
        .action(rotate),
    )
    .addCommand(
      commandWithJson('revoke', {
        description: 'revoke a key; it stops working immediately',
        example: 'keys revoke Ab3dE6gH',
      })
        .argument('<id>', ID)
        .action(revoke),
    )

const parseScopes = (list: string): Scope[] =>
  list.split(',').map(given => {
    const scope = SCOPES.find(known => known === given.trim())
    if (scope === undefined)
      throw new InvalidArgumentError(`"${given.trim()}" is not a scope. Use ${SCOPES.join(', ')}.`)
    return scope
  })

function parseTime(text: string): Date {
  const time = new Date(text)
  if (Number.isNaN(time.getTime()) || time.getTime() <= Date.now())
    throw new InvalidArgumentError('Expected a time in the future, such as 2027-01-31.')
  return time
}

function parseSeconds(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('Expected a number of seconds.')
  return Number(text)
}

async function create({ direct, ...options }: CreateOptions): Promise<void> {
  const made = direct ? await createDirectly(options) : await createByApi(await connectSdk(), options)
  const owner = made.projectId === null ? 'of an operator' : `of project "${options.project ?? DEFAULT_PROJECT}"`
  // The key alone on stdout, so that a script can take it.
  console.error(`An API key ${owner}. Store it now: it is not shown again.`)
  print(options, made, () => made.key ?? '')
}

/** Creates a key in the database. The code for it is only loaded when it is used. */
const createDirectly = async (options: NewKey): Promise<KeyCreated> =>
  (await import('../direct-key.ts')).createKeyDirectly({ ...options, project: options.project ?? DEFAULT_PROJECT })

async function createByApi({ darkroom, connection }: Connected, options: NewKey): Promise<KeyCreated> {
  const { operator, project, name, scopes, expires } = options
  const body = { name, scopes, ...given({ expiresAt: expires?.toISOString() }) }
  if (operator) return darkroom.admin.keys.createOperator(body)
  // A key of a project reaches no other, and none by its name.
  if (project === undefined && isOfProject(connection)) return darkroom.keys.create(body)
  const wanted = project ?? DEFAULT_PROJECT
  const { id } = (await findProjectByName(darkroom, wanted)) ?? (await darkroom.admin.projects.create({ name: wanted }))
  return darkroom.admin.keys.createForProject(id, body)
}

async function list({ project, ...options }: Json & { project?: string }): Promise<void> {
  const keys = await keysOf(await connectSdk(), project)
  const rows = keys.map(({ shortId, projectId, name, scopes, createdAt, lastUsedAt, expiresAt, revokedAt }) => [
    ...[shortId, projectId ? 'project' : 'operator', name, scopes.join(',')],
    ...[createdAt, lastUsedAt, expiresAt, revokedAt].map(moment),
  ])
  print(options, keys, () => (rows.length === 0 ? 'No API keys.' : table(COLUMNS, rows)))
}

const COLUMNS = [
  ...['ID', { title: 'KIND', drop: 4 }, { title: 'NAME', clip: true as const }, { title: 'SCOPES', drop: 3 }],
  ...[{ title: 'CREATED', drop: 1 }, { title: 'LAST USED', drop: 2 }, 'EXPIRES', 'REVOKED'],
]

async function keysOf({ darkroom, connection }: Connected, project: string | undefined): Promise<ApiKey[]> {
  const { admin } = darkroom
  if (project !== undefined) return (await admin.keys.listOfProject((await projectByName(darkroom, project)).id)).items
  return isOfProject(connection) ? (await darkroom.keys.list()).items : everyOf(admin.keys.each({ limit: 200 }))
}

/** Finds the key with the public part that a person typed, and the calls by which this connection changes it. */
async function findKey({ darkroom, connection }: Connected, shortId: string) {
  const isOwn = isOfProject(connection)
  const { items } = isOwn ? await darkroom.keys.list() : await darkroom.admin.keys.list({ shortId })
  const key = items.find(each => each.shortId === shortId)
  if (!key) throw noKey(shortId)
  return { id: key.id, calls: isOwn ? darkroom.keys : darkroom.admin.keys }
}

const noKey = (id: string) =>
  new CommandError(`There is no active API key ${id}. See \`npx darkroom keys list\`.`, EXIT.notFound)

/** Translates "not found" of the API to an error with the name by which the person knows the key. */
const orNoKey = (id: string) => (error: unknown) => {
  throw error instanceof DarkroomError && error.status === 404 ? noKey(id) : error
}

async function rotate(shortId: string, { overlap, ...options }: Json & { overlap: number }): Promise<void> {
  const { id, calls } = await findKey(await connectSdk(), shortId)
  const made = await calls.rotate(id, { overlapSec: overlap }).catch(orNoKey(shortId))
  console.error(
    `The new key. The old key ${shortId} works for ${overlap} more seconds. Store the new key now: it is not shown again.`,
  )
  print(options, made, () => made.key ?? '')
}

async function revoke(shortId: string, options: Json): Promise<void> {
  const { id, calls } = await findKey(await connectSdk(), shortId)
  await calls.revoke(id).catch(orNoKey(shortId))
  print(options, { shortId, id }, () => `key ${shortId} is revoked`)
}
