import { execFile } from 'node:child_process'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startLocalPostgres } from '@darkroom/local-postgres'
import { COMPILE_CACHE } from '@darkroom/testing'
import postgres from 'postgres'
import { makeRunFolder, REPO_ROOT } from './run-folder.ts'

/** Keys that exist in every deployment, because the database template has them. */
export interface Keys {
  project: string
  /** Of a second project, for what must not cross between tenants. */
  other: string
  operator: string
}

/** What all deployments of a run share: one Postgres, and a folder in memory. */
export interface Machine {
  folder: string
  keys: Keys
  postgresPort: number
  /** A migrated database of its own. */
  createDatabase(name: string): Promise<{ url: string; drop(): Promise<void> }>
  close(): Promise<void>
}

const TEMPLATE = 'chaos_template'
export const OTHER_PROJECT = 'other'

/**
 * Starts Postgres and prepares the template: migrated by the product's own command, with keys made by it.
 * @param checkout whose command that is
 */
export async function startMachine(checkout = REPO_ROOT): Promise<Machine> {
  const folder = await makeRunFolder()
  await using opened = new AsyncDisposableStack()
  opened.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }))
  const server = await startLocalPostgres({ dataDir: join(folder, 'postgres'), durable: false })
  opened.defer(() => server.stop())
  const admin = postgres(server.url, { max: 1, onnotice: () => undefined })
  opened.defer(() => admin.end({ timeout: 5 }))
  const urlOf = (name: string) => Object.assign(new URL(server.url), { pathname: `/${name}` }).href
  await admin`CREATE DATABASE ${admin(TEMPLATE)}`
  const keys = await prepareTemplate(checkout, urlOf(TEMPLATE))

  const owned = opened.move()
  return {
    folder,
    keys,
    postgresPort: server.port,
    async createDatabase(name) {
      await admin`CREATE DATABASE ${admin(name)} TEMPLATE ${admin(TEMPLATE)}`
      return {
        url: urlOf(name),
        async drop() {
          await admin`DROP DATABASE IF EXISTS ${admin(name)} WITH (FORCE)`
        },
      }
    },
    close: () => owned.disposeAsync(),
  }
}

/** Runs the command of a checkout against a database. @returns what it prints */
export async function runDarkroom(checkout: string, databaseUrl: string, ...args: string[]): Promise<string> {
  const cli = join(checkout, 'apps/cli/src/main.ts')
  const env = { PATH: process.env.PATH, ...COMPILE_CACHE, DATABASE_URL: databaseUrl }
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...args], { cwd: checkout, env })
  return stdout.trim()
}

async function prepareTemplate(checkout: string, url: string): Promise<Keys> {
  await runDarkroom(checkout, url, 'migrate')
  const create = (...options: string[]) =>
    runDarkroom(checkout, url, 'keys', 'create', '--direct', '--name', 'chaos', ...options)
  const [project, other, operator] = await Promise.all([
    create(),
    create('--project', OTHER_PROJECT),
    create('--operator'),
  ])
  return { project, other, operator }
}
