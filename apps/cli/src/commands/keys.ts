import type { ApiKey, KeyCreated } from '@darkroom/contracts'
import { SCOPES } from '@darkroom/contracts/projects'
import { Command, InvalidArgumentError, Option } from 'commander'
import { type AdminClient, createAdminClient } from '../admin-client.ts'
import { CommandError, EXIT } from '../exit-codes.ts'
import { findProjectByName, projectByName } from '../find-project.ts'
import { commandWithJson, moment, print } from '../output.ts'
import { table } from '../table.ts'

type Json = { json?: true }
type NewKey = { project?: string; name: string; scopes: string[]; operator?: true; expires?: Date }
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

function parseScopes(list: string): string[] {
  const scopes = list.split(',').map(scope => scope.trim())
  const unknown = scopes.find(scope => !SCOPES.some(known => known === scope))
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is not a scope. Use ${SCOPES.join(', ')}.`)
  return scopes
}

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
  const made = direct ? await createDirectly(options) : await createByApi(createAdminClient(), options)
  const owner = made.projectId === null ? 'of an operator' : `of project "${options.project ?? DEFAULT_PROJECT}"`
  // The key alone on stdout, so that a script can take it.
  console.error(`An API key ${owner}. Store it now: it is not shown again.`)
  print(options, made, () => made.key ?? '')
}

/** Creates a key in the database. The code for it is only loaded when it is used. */
const createDirectly = async (options: NewKey): Promise<KeyCreated> =>
  (await import('../direct-key.ts')).createKeyDirectly({ ...options, project: options.project ?? DEFAULT_PROJECT })

async function createByApi(client: AdminClient, options: NewKey): Promise<KeyCreated> {
  const { name, scopes, expires } = options
  return client.post<KeyCreated>(await pathOfNew(client, options), { name, scopes, expiresAt: expires?.toISOString() })
}

async function pathOfNew(client: AdminClient, { operator, project: name }: NewKey): Promise<string> {
  if (operator) return '/v1/admin/keys'
  // A key of a project reaches no other, and none by its name.
  if (name === undefined && (await client.isOfProject())) return '/v1/keys'
  const wanted = name ?? DEFAULT_PROJECT
  const { id } =
    (await findProjectByName(client, wanted)) ??
    (await client.post<{ id: string }>('/v1/admin/projects', { name: wanted }))
  return `/v1/admin/projects/${id}/keys`
}

async function list({ project, ...options }: Json & { project?: string }): Promise<void> {
  const keys = await keysOf(createAdminClient(), project)
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

async function keysOf(client: AdminClient, project: string | undefined): Promise<ApiKey[]> {
  const list = async (path: string) => (await client.get<{ items: ApiKey[] }>(path)).items
  if (project !== undefined) return list(`/v1/admin/projects/${(await projectByName(client, project)).id}/keys`)
  return (await client.isOfProject()) ? list('/v1/keys') : client.every<ApiKey>('/v1/admin/keys')
}

/** Returns the path of the key with the public part that a person typed. */
async function pathOfKey(client: AdminClient, shortId: string): Promise<string> {
  const path = (await client.isOfProject()) ? '/v1/keys' : '/v1/admin/keys'
  const { items } = await client.get<{ items: ApiKey[] }>(path, path === '/v1/keys' ? {} : { shortId })
  const key = items.find(each => each.shortId === shortId)
  if (!key) throw noKey(shortId)
  return `${path}/${key.id}`
}

const noKey = (id: string) =>
  new CommandError(`There is no active API key ${id}. See \`npx darkroom keys list\`.`, EXIT.notFound)

/** Translates "not found" of the API to an error with the name by which the person knows the key. */
const orNoKey = (id: string) => (error: unknown) => {
  throw error instanceof CommandError && error.exitCode === EXIT.notFound ? noKey(id) : error
}

async function rotate(id: string, { overlap, ...options }: Json & { overlap: number }): Promise<void> {
  const client = createAdminClient()
  const path = await pathOfKey(client, id)
  const made = await client.post<KeyCreated>(`${path}/rotate`, { overlapSec: overlap }).catch(orNoKey(id))
  console.error(
    `The new key. The old key ${id} works for ${overlap} more seconds. Store the new key now: it is not shown again.`,
  )
  print(options, made, () => made.key ?? '')
}

async function revoke(id: string, options: Json): Promise<void> {
  const client = createAdminClient()
  const path = await pathOfKey(client, id)
  await client.delete(path).catch(orNoKey(id))
  print(options, { shortId: id, id: path.split('/').at(-1) }, () => `key ${id} is revoked`)
}
