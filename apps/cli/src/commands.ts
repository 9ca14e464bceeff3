import type { Command } from 'commander'

/** What a command uses itself, where the API is not enough. */
export type Need = 'database' | 'database and store' | 'store'

export interface Entry {
  description: string
  needs?: Need
  /** Loaded when it is called: `start` brings the whole pipeline along, which a look at a queue need not wait for. */
  load(): Promise<() => Command>
  /** What it is with an option that makes something else of it, which needs other things. */
  with?: Record<`--${string}`, Entry>
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
    needs: 'database',
    load: async () => (await import('./commands/migrate.ts')).migrateCommand,
  },
  login: {
    description: 'store URL and API key of a Darkroom, for all commands',
    load: async () => (await import('./commands/login.ts')).loginCommand,
  },
  logout: {
    description: 'forget the URL and API key of a login',
    load: async () => (await import('./commands/logout.ts')).logoutCommand,
  },
  profiles: {
    description: 'list logins, and choose the one that commands use',
    load: async () => (await import('./commands/profiles.ts')).profilesCommand,
  },
  completion: {
    description: 'print the script by which a shell completes commands, options and values',
    load: async () => (await import('./commands/completion.ts')).completionCommand,
  },
  ls: {
    description: 'list assets or folders',
    load: async () => (await import('./commands/ls.ts')).lsCommand,
  },
  get: {
    description: 'download the original of an asset, or a variant',
    load: async () => (await import('./commands/get.ts')).getCommand,
  },
  rm: {
    description: 'delete assets, with their originals and variants',
    load: async () => (await import('./commands/rm.ts')).rmCommand,
  },
  open: {
    description: 'open an asset, a variant or the page in the browser',
    load: async () => (await import('./commands/open.ts')).openCommand,
  },
  upload: {
    description: 'upload files and folders',
    load: async () => (await import('./commands/upload.ts')).uploadCommand,
  },
  import: {
    description: 'import files from URLs, from lists of URLs of any length, or from a bucket',
    load: async () => (await import('./commands/import.ts')).importCommand,
    with: {
      '--bucket': {
        description: 'import all files of a bucket, and go on where it was stopped',
        needs: 'database and store',
        load: async () => (await import('./commands/import-bucket.ts')).importBucketCommand,
      },
    },
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
  incidents: {
    description: 'show what is wrong now, and what to do',
    load: async () => (await import('./commands/incidents.ts')).incidentsCommand,
  },
  audit: {
    description: 'list what admins changed',
    load: async () => (await import('./commands/audit.ts')).auditCommand,
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
    needs: 'database and store',
    load: async () => (await import('./commands/orphans.ts')).orphansCommand,
  },
  backup: {
    description: 'back up the database of DATABASE_URL to the bucket, list, drill and restore backups',
    needs: 'database and store',
    load: async () => (await import('./commands/backup.ts')).backupCommand,
  },
  verify: {
    description: 'download stored files and compare them with their SHA-256',
    needs: 'database and store',
    load: async () => (await import('./commands/verify.ts')).verifyCommand,
  },
  rebuild: {
    description: 'recreate the database from the manifests in the bucket',
    needs: 'database and store',
    load: async () => (await import('./commands/rebuild.ts')).rebuildCommand,
  },
  provision: {
    description:
      'compare the buckets of B2_* with what is needed, and set them up (with a B2 key that can change buckets)',
    needs: 'store',
    load: async () => (await import('./commands/provision.ts')).provisionCommand,
  },
  cost: {
    description: 'estimate what a month costs: storage, egress and calls of B2, and CPU time',
    load: async () => (await import('./commands/cost.ts')).costCommand,
  },
}
