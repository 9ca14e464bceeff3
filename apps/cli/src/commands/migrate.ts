import { parseConfig } from '@darkroom/core'
import { DatabaseConfig, migrateDatabase } from '@darkroom/db'
import { migrateQueue, QueueConfig, queueBackend } from '@darkroom/queue'
import { Command } from 'commander'

export const migrateCommand = () =>
  new Command('migrate')
    .description('bring the database of DATABASE_URL to the schema of this version')
    .action(async () => {
      const { DATABASE_URL } = parseConfig(DatabaseConfig, process.env)
      await migrateDatabase(DATABASE_URL)
      await migrateQueue(queueBackend(parseConfig(QueueConfig, process.env)))
      console.log('the database is up to date')
    })
