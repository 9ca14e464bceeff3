import {
  beginProjectDeletion,
  findDueDeletions,
  finishProjectDeletion,
  stepProjectDeletion,
} from '@darkroom/db/deletion'
import { prefixesOf } from '@darkroom/storage'
import type { MaintenanceDeps, Task } from './task.ts'

/**
 * Removes projects whose delay is over, some rows at a time. Whoever holds the row of a deletion leads it, for one
 * transaction; a process that dies lets go of it with its connection, and the next goes on where it was.
 */
export const deleteProjects: Task = {
  name: 'delete projects',
  everyMs: 2000,
  async run(deps, signal) {
    const failures: unknown[] = []
    // One that cannot go on must not keep the others.
    for (const id of await findDueDeletions(deps.database.db)) {
      await deleteProject(deps, id, signal).catch(error => failures.push(error))
    }
    if (failures.length > 0) throw failures[0]
  },
}

async function deleteProject(deps: MaintenanceDeps, id: string, signal: AbortSignal): Promise<void> {
  const { db } = deps.database
  await db.transaction(tx => beginProjectDeletion(tx, id))
  const places = { buckets: bucketsOf(deps), prefixes: prefixesOf(id) }
  while (!signal.aborted) {
    const step = await db.transaction(async tx => {
      const taken = await stepProjectDeletion(tx, id, places)
      deps.faults.crashpoint('project.before-commit')
      return taken
    })
    deps.faults.crashpoint('project.after-commit')
    if (step === 'wait') return
    if (step === 'more') continue
    await sweepStore(deps, places, signal)
    return finish(deps, id)
  }
}

const bucketsOf = ({ settings: { privateBucket, publicBucket } }: MaintenanceDeps): string[] =>
  publicBucket === null ? [privateBucket] : [privateBucket, publicBucket]

/**
 * Removes from the store what no row accounts for: a version that was written twice, an upload in parts that was never
 * ended.
 */
async function sweepStore(
  { store, logger }: MaintenanceDeps,
  { buckets, prefixes }: { buckets: string[]; prefixes: string[] },
  signal: AbortSignal,
): Promise<void> {
  let strays = 0
  for (const bucket of buckets) {
    for (const prefix of prefixes) {
      for await (const { key, uploadId } of store.listMultipartUploads({ bucket, prefix }, { signal })) {
        await store.abortMultipartUpload({ bucket, key, uploadId }, { signal })
        strays += 1
      }
      for await (const { key, versionId } of store.listVersions({ bucket, prefix }, { signal })) {
        await store.deleteVersion({ bucket, key, versionId }, { signal })
        strays += 1
      }
    }
  }
  if (strays > 0) logger.info({ strays, prefixes }, 'a deleted project had objects in the store without a row')
}

async function finish({ database, logger }: MaintenanceDeps, projectId: string): Promise<void> {
  await database.db.transaction(tx => finishProjectDeletion(tx, projectId))
  logger.info({ projectId }, 'deleted a project with all its data')
}
