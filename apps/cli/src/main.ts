import { ConfigError } from '@darkroom/core'
import { Command } from 'commander'
import packageJson from '../package.json' with { type: 'json' }
import { CommandError } from './admin-client.ts'

const program = new Command('darkroom')
  .description('An open media pipeline: presigned uploads in, thumbnails and variants behind CDN URLs out.')
  .version(packageJson.version)

/** Loaded when they are called: `start` brings the whole pipeline along, which a look at a queue need not wait for. */
const COMMANDS: Record<string, () => Promise<() => Command>> = {
  start: async () => (await import('./commands/start.ts')).startCommand,
  migrate: async () => (await import('./commands/migrate.ts')).migrateCommand,
  projects: async () => (await import('./commands/projects.ts')).projectsCommand,
  usage: async () => (await import('./commands/usage.ts')).usageCommand,
  keys: async () => (await import('./commands/keys.ts')).keysCommand,
  provision: async () => (await import('./commands/provision.ts')).provisionCommand,
  jobs: async () => (await import('./commands/jobs.ts')).jobsCommand,
  explain: async () => (await import('./commands/explain.ts')).explainCommand,
  queues: async () => (await import('./commands/queues.ts')).queuesCommand,
  quarantine: async () => (await import('./commands/quarantine.ts')).quarantineCommand,
  takedowns: async () => (await import('./commands/takedowns.ts')).takedownsCommand,
  presets: async () => (await import('./commands/presets.ts')).presetsCommand,
  backfills: async () => (await import('./commands/backfills.ts')).backfillsCommand,
  listen: async () => (await import('./commands/listen.ts')).listenCommand,
  orphans: async () => (await import('./commands/orphans.ts')).orphansCommand,
}

const [, , name = ''] = process.argv
const called = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
for (const load of called ? [called] : Object.values(COMMANDS)) program.addCommand((await load())())

try {
  await program.parseAsync()
} catch (error) {
  // Faults of the configuration and of a request are for a person to read; anything else needs its stack.
  console.error(error instanceof ConfigError || error instanceof CommandError ? error.message : error)
  process.exit(1)
}
