import type { Command } from 'commander'

interface Entry {
  description: string
  /** Loaded when it is called: `start` brings the whole pipeline along, which a look at a queue need not wait for. */
  load(): Promise<() => Command>
}

/** Every command, in the order of the help. */
export const COMMANDS: Record<string, Entry> = {
  start: {
    description: 'run everything on this machine: embedded parts wherever no URL of a real one is set',
    load: async () => (await import('./commands/start.ts')).startCommand,
  },
  migrate: {
    description: 'bring the database of DATABASE_URL to the schema of this version',
    load: async () => (await import('./commands/migrate.ts')).migrateCommand,
  },
  projects: {
    description: 'create, list, change and delete projects',
    load: async () => (await import('./commands/projects.ts')).projectsCommand,
  },
  keys: {
    description: 'create, list, rotate and revoke API keys',
    load: async () => (await import('./commands/keys.ts')).keysCommand,
  },
  usage: {
    description: 'what a project has stored, and whether it is counted right',
    load: async () => (await import('./commands/usage.ts')).usageCommand,
  },
  jobs: {
    description: 'look at jobs, requeue and cancel them',
    load: async () => (await import('./commands/jobs.ts')).jobsCommand,
  },
  explain: {
    description: 'what happened to a file, why it is not ready, and what to do',
    load: async () => (await import('./commands/explain.ts')).explainCommand,
  },
  queues: {
    description: 'look at the queues, pause and resume them',
    load: async () => (await import('./commands/queues.ts')).queuesCommand,
  },
  quarantine: {
    description: 'contents that are not processed',
    load: async () => (await import('./commands/quarantine.ts')).quarantineCommand,
  },
  takedowns: {
    description: 'contents that are refused because they were taken down',
    load: async () => (await import('./commands/takedowns.ts')).takedownsCommand,
  },
  presets: {
    description: 'look at presets, add versions, plan and apply them',
    load: async () => (await import('./commands/presets.ts')).presetsCommand,
  },
  backfills: {
    description: 'follow presets that are applied, pause and cancel them',
    load: async () => (await import('./commands/backfills.ts')).backfillsCommand,
  },
  listen: {
    description: 'follow the events of a project, and try out webhooks with them',
    load: async () => (await import('./commands/listen.ts')).listenCommand,
  },
  orphans: {
    description:
      'compare rows and store: bytes without a row, rows without bytes (of DATABASE_URL and B2_*, or of the `npm start` that runs here)',
    load: async () => (await import('./commands/orphans.ts')).orphansCommand,
  },
  provision: {
    description: 'set up the buckets of B2_* (needs a key that may change buckets)',
    load: async () => (await import('./commands/provision.ts')).provisionCommand,
  },
}
