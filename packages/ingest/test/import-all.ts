import { type FaultInjection, NO_FAULTS, silentLogger, systemClock } from '@darkroom/core'
import type { DatabaseClient } from '@darkroom/db/client'
import { DEFAULT_PROJECT, findProjectByName } from '@darkroom/db/projects'
import type { ObjectStore } from '@darkroom/storage'
import { type BucketImportOptions, type BucketSource, importBucket, type ObjectOutcome } from '../src/index.ts'
import { BUCKET } from './bed.ts'

type Options = Partial<Pick<BucketImportOptions, 'ratePerSec' | 'signal'>> &
  Partial<BucketImportOptions['assets']> & { faults?: FaultInjection }

/** Imports a bucket into the default project. @returns what became of its objects, by the kind of outcome */
export async function importAll(
  { database, store }: { database: DatabaseClient; store: ObjectStore },
  source: BucketSource,
  { ratePerSec = 10_000, signal = new AbortController().signal, faults = NO_FAULTS, ...assets }: Options = {},
): Promise<Map<string, ObjectOutcome[]>> {
  const project = await findProjectByName(database.db, DEFAULT_PROJECT)
  if (!project) throw new Error('the database was not seeded')
  const deps = {
    database,
    store,
    clock: systemClock,
    logger: silentLogger,
    faults,
    kinds: { unavailable: async () => [] },
    settings: {
      maxUploadBytes: 1_000_000_000,
      acceptsSvg: false,
      multipartThresholdBytes: Number.POSITIVE_INFINITY,
      presignTtlSec: 0,
      uploadExpiresMs: 3_600_000,
      privateBucket: BUCKET,
    },
  }
  const outcomes: ObjectOutcome[] = []
  await importBucket(deps, {
    source,
    assets: { project, prefix: '', folder: '', keepsFolders: true, keyAsExternalId: false, ...assets },
    ratePerSec,
    atOnce: 8,
    signal,
    report: outcome => outcomes.push(outcome),
  })
  return Map.groupBy(outcomes, ({ outcome }) => outcome)
}
