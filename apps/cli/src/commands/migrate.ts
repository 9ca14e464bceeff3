import { parseConfigs } from '@darkroom/core'
import { DatabaseConfig, migrateDatabase } from '@darkroom/db'
import { migrateQueue, QueueConfig, queueBackend } from '@darkroom/queue'
import { Command } from 'commander'

export const migrateCommand = () =>
  new Command('migrate')
    .description('bring the database of DATABASE_URL to the schema of this version')
    .action(async () => {
      const { database, queue } = parseConfigs({ database: DatabaseConfig, queue: QueueConfig }, process.env)
      await migrateDatabase(database.DATABASE_URL)
      await migrateQueue(queueBackend(queue, database))
      console.log('the database is up to date')
    })
