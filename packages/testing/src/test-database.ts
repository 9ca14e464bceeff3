import { randomBytes } from 'node:crypto'
import type { Sql } from 'postgres'
import { TEST_POSTGRES_VARIABLE } from './global-setup.ts'
import { postgresClient } from './postgres-client.ts'

export interface TestDatabaseOptions {
  /** Made once per run by the first who asks, then copied for every test file. */
  template: { name: string; prepare(url: string): Promise<void> }
}

export interface TestDatabase {
  url: string
  /** Disconnects whoever is left. */
  drop(): Promise<void>
}

/** Creates a database that is a copy of the template. */
export async function createTestDatabase({ template }: TestDatabaseOptions): Promise<TestDatabase> {
  const serverUrl = process.env[TEST_POSTGRES_VARIABLE]
  if (!serverUrl)
    throw new Error(`${TEST_POSTGRES_VARIABLE} is not set: run through vitest's project "integration" or "e2e"`)
  const urlOf = (name: string) => {
    const url = new URL(serverUrl)
    url.pathname = `/${name}`
    return url.href
  }
  const admin = await postgresClient(serverUrl, { max: 1 })
  const name = `test_${randomBytes(8).toString('hex')}`
  const templateName = `template_${template.name}`
  try {
    // Copying needs a template that nobody is connected to, so one at a time.
    await admin`SELECT pg_advisory_lock(hashtextextended(${templateName}, 0))`
    const existing = await admin`SELECT 1 FROM pg_database WHERE datname = ${templateName}`
    if (existing.length === 0) await makeTemplate(admin, templateName, url => template.prepare(url), urlOf)
    // A copy of the files is a third of the work of writing every page to the WAL, which Postgres does by default.
    await admin`CREATE DATABASE ${admin(name)} TEMPLATE ${admin(templateName)} STRATEGY file_copy`
  } finally {
    await admin.end({ timeout: 5 })
  }
  return { url: urlOf(name), drop: () => dropDatabase(serverUrl, name) }
}

/** Creates the template under a temporary name and renames it, so that an unfinished template is never copied. */
async function makeTemplate(
  admin: Sql,
  name: string,
  prepare: (url: string) => Promise<void>,
  urlOf: (name: string) => string,
): Promise<void> {
  const draft = `${name}_draft`
  await admin`DROP DATABASE IF EXISTS ${admin(draft)} WITH (FORCE)`
  await admin`CREATE DATABASE ${admin(draft)}`
  await prepare(urlOf(draft))
  await admin`ALTER DATABASE ${admin(draft)} RENAME TO ${admin(name)}`
}

async function dropDatabase(serverUrl: string, name: string): Promise<void> {
  const admin = await postgresClient(serverUrl, { max: 1 })
  try {
    await admin`DROP DATABASE IF EXISTS ${admin(name)} WITH (FORCE)`
  } finally {
    await admin.end({ timeout: 5 })
  }
}
