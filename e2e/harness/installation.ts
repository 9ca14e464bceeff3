import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { type Client, createClient } from './client.ts'
import { createHome, type Darkroom, type Home, startDarkroom } from './darkroom.ts'
import { embeddedStore, type Store } from './store-client.ts'

export interface Installation {
  home: Home
  darkroom: Darkroom
  client: Client
  store: Store
}

/** Starts a separate installation with these settings alone. */
export async function install(env: Record<string, string> = {}): Promise<Installation> {
  const home = await createHome()
  const darkroom = await startDarkroom(home, { env })
  return { home, darkroom, client: createClient(darkroom), store: embeddedStore(home.storePort) }
}

export async function uninstall({ home, darkroom }: Installation): Promise<void> {
  await darkroom.stop()
  await home.remove()
}

/** Where test files find the installation that all of a run share. */
export const SHARED_VARIABLE = 'DARKROOM_E2E_SHARED'

export interface SharedInstallation {
  url: string
  port: number
  storePort: number
}

/**
 * Returns the installation that all test files of a run share, because a start costs more than some of them. Use it for
 * tests that check only what they created, and change no settings but those of their own project.
 */
export function sharedInstallation(): SharedInstallation {
  const shared = process.env[SHARED_VARIABLE]
  if (!shared) throw new Error(`${SHARED_VARIABLE} is not set: run through vitest, with --project e2e`)
  return JSON.parse(shared)
}

export interface Project {
  /** Its route under `/v1/admin`. */
  path: string
  /** With a key that may do everything in this project and nothing in others. */
  client: Client
  store: Store
}

/** Creates a project in the shared installation with these settings. */
export async function createProject(settings: object = {}): Promise<Project> {
  const { url, storePort } = sharedInstallation()
  const { request } = createClient({ url })
  const post = async <T>(path: string, json: object): Promise<T> => {
    const { status, body } = await request<T>('POST', path, { json })
    if (status !== 201) throw new Error(`${path} answered ${status}: ${JSON.stringify(body)}`)
    return body
  }
  const { id } = await post<{ id: string }>('/v1/admin/projects', { name: `e2e-${randomUUID()}` })
  const path = `/v1/admin/projects/${id}`
  const scopes = ['upload', 'read', 'write', 'admin']
  const { key } = await post<{ key: string }>(`${path}/keys`, { name: 'e2e', scopes })
  const client = createClient({ url, key })
  const { status } = await request('PATCH', path, { json: settings })
  if (status !== 200) throw new Error(`the project did not take ${JSON.stringify(settings)}: ${status}`)
  return { path, client, store: embeddedStore(storePort) }
}

/** Tells whether a path is a file of a run, and not the folder that a living worker keeps or its heartbeat. */
export const isRunFile = (path: string) =>
  /\/data\/tmp\/[^/]+\/(?!processes(\/[^/]+)?$)./.test(path) || !path.includes('/data/tmp/')

/** Counts the running media processes. */
export const mediaProcesses = ({ darkroom }: Installation): number =>
  darkroom.tree().filter(({ command }) => command.includes('sandbox/child.mjs')).length

/** As many as wait for work at most: one per core, and one for another project, each in a process that shuts it in. */
export const MOST_MEDIA_PROCESSES = 2 * (availableParallelism() + 1)

/** Makes the installation's project private. */
export async function makePrivate({ client }: Installation): Promise<void> {
  const { body: projects } = await client.request<{ items: { id: string }[] }>('GET', '/v1/admin/projects')
  const path = `/v1/admin/projects/${projects.items[0]?.id}`
  const { status } = await client.request('PATCH', path, { json: { isPrivate: true } })
  if (status !== 200) throw new Error(`the project stays public: ${status}`)
}
