import { ProcessConfig, parseConfigs } from '@darkroom/core'
import { DatabaseConfig, waitForDatabase } from '@darkroom/db/client'
import { migrateDatabase } from '@darkroom/db/migrate'
import { migrateQueue, QueueConfig, queueBackend } from '@darkroom/jobs/executor'
import { newCommand } from '../output.ts'

export const migrateCommand = () =>
  newCommand('migrate', { description: '', example: 'migrate' }).action(async () => {
    const schemas = { common: ProcessConfig, database: DatabaseConfig, queue: QueueConfig }
    const { common, database, queue } = parseConfigs(schemas, process.env)
    // Deployments start it beside the database.
    const maxWaitMs = common.START_WAIT_SEC * 1000
    await waitForDatabase(database.DATABASE_URL, { maxWaitMs, signal: new AbortController().signal })
    await migrateDatabase(database.DATABASE_URL)
    await migrateQueue(queueBackend(queue, database))
    console.log('the database is up to date')
  })
