import type { Command } from 'commander'

interface Entry {
  description: string
  /** Loaded when it is called: `start` brings the whole pipeline along, which a look at a queue need not wait for. */
  load(): Promise<() => Command>
}

/** Every command, in the order of the help. */
export const COMMANDS: Record<string, Entry> = {
  start: {
    description: 'run everything on this machine, with embedded services unless their URLs are set',
    load: async () => (await import('./commands/start.ts')).startCommand,
  },
  doctor: {
    description: 'check store, database, queue and this machine, and say what is wrong, why, and what to do',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  migrate: {
    description: 'migrate the database of DATABASE_URL to the schema of this version',
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
    description: 'show the storage usage of a project, and recalculate it',
    load: async () => (await import('./commands/usage.ts')).usageCommand,
  },
  jobs: {
    description: 'list, requeue and cancel jobs',
    load: async () => (await import('./commands/jobs.ts')).jobsCommand,
  },
  explain: {
    description: 'explain what happened to a file, why it is not ready, and what to do',
    load: async () => (await import('./commands/explain.ts')).explainCommand,
  },
  queues: {
    description: 'list, pause and resume queues',
    load: async () => (await import('./commands/queues.ts')).queuesCommand,
  },
  quarantine: {
    description: 'list and change quarantined files, which are not processed',
    load: async () => (await import('./commands/quarantine.ts')).quarantineCommand,
  },
  takedowns: {
    description: 'list and lift takedowns, whose files are refused',
    load: async () => (await import('./commands/takedowns.ts')).takedownsCommand,
  },
  presets: {
    description: 'list, create, plan and apply presets',
    load: async () => (await import('./commands/presets.ts')).presetsCommand,
  },
  backfills: {
    description: 'list, pause and cancel backfills, which apply presets to existing assets',
    load: async () => (await import('./commands/backfills.ts')).backfillsCommand,
  },
  listen: {
    description: 'print the events of a project, and forward them to a local webhook endpoint',
    load: async () => (await import('./commands/listen.ts')).listenCommand,
  },
  orphans: {
    description:
      'compare database and store: objects without a row, rows without an object (of DATABASE_URL and B2_*, or of the `npm start` on this machine)',
    load: async () => (await import('./commands/orphans.ts')).orphansCommand,
  },
  backup: {
    description: 'back up the database of DATABASE_URL to the bucket, list, drill and restore backups',
    load: async () => (await import('./commands/backup.ts')).backupCommand,
  },
  verify: {
    description: 'download stored files and compare them with their SHA-256',
    load: async () => (await import('./commands/verify.ts')).verifyCommand,
  },
  rebuild: {
    description: 'recreate the database from the manifests in the bucket',
    load: async () => (await import('./commands/rebuild.ts')).rebuildCommand,
  },
  provision: {
    description:
      'compare the buckets of B2_* with what is needed, and set them up (with a B2 key that can change buckets)',
    load: async () => (await import('./commands/provision.ts')).provisionCommand,
  },
  cost: {
    description: 'estimate what a month costs: storage, egress and calls of B2, and CPU time',
    load: async () => (await import('./commands/cost.ts')).costCommand,
  },
}
