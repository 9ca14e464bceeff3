import { type Client, createClient } from './client.ts'
import { createHome, type Darkroom, type Home, startDarkroom } from './darkroom.ts'
import { embeddedStore, type Store } from './store-client.ts'

export interface Installation {
  home: Home
  darkroom: Darkroom
  client: Client
  store: Store
}

/** A product of its own, started with nothing but these settings. */
export async function install(env: Record<string, string> = {}): Promise<Installation> {
  const home = await createHome()
  const darkroom = await startDarkroom(home, { env })
  return { home, darkroom, client: createClient(darkroom), store: embeddedStore(home.storePort) }
}

export async function uninstall({ home, darkroom }: Installation): Promise<void> {
  await darkroom.stop()
  await home.remove()
}

/** A file of a run, not the folder that a living worker keeps for its runs or the sign that it lives. */
export const isRunFile = (path: string) =>
  /\/data\/tmp\/[^/]+\/(?!processes(\/[^/]+)?$)./.test(path) || !path.includes('/data/tmp/')

/** How many processes that decode media there are. */
export const mediaProcesses = ({ darkroom }: Installation): number =>
  darkroom.tree().filter(({ command }) => command.includes('sandbox/child.ts')).length

/** Nothing of the installation's project is public from now on. */
export async function makePrivate({ client }: Installation): Promise<void> {
  const { body: projects } = await client.request<{ items: { id: string }[] }>('GET', '/v1/admin/projects')
  const path = `/v1/admin/projects/${projects.items[0]?.id}`
  const { status } = await client.request('PATCH', path, { json: { isPrivate: true } })
  if (status !== 200) throw new Error(`the project stays public: ${status}`)
}
