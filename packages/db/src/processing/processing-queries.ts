import type { Bound } from '@darkroom/core'
import { isContentBlocked } from '../assets/known-content.ts'
import { standingVariants } from '../assets/variants.ts'
import type { Database } from '../client/client.ts'
import { kindsWithoutTools } from '../jobs/workers.ts'
import { findQuarantine } from '../operations/quarantine.ts'
import { getPreset } from '../presets/presets.ts'
import { findProject } from '../projects/projects.ts'
import { sourceOfAsset } from '../uploads/asset-source.ts'

/** A query whose database is known. */
type BoundQuery<Query> = Bound<Query, [db: Database]>

/**
 * What a worker asks while it processes an asset, and in part while it imports one; each is one statement. What it writes
 * goes through the run of its job.
 */
export interface ProcessingQueries {
  /** Finds the bytes of an asset. */
  source: BoundQuery<typeof sourceOfAsset>
  /** Finds the project as it is now: its settings may change while a job runs. */
  project: BoundQuery<typeof findProject>
  /** Reads a preset version. */
  preset: BoundQuery<typeof getPreset>
  /** Whether a content must not be published in a project. */
  isBlocked: BoundQuery<typeof isContentBlocked>
  /** Finds what keeps a content of a project away from every media process. */
  quarantine: BoundQuery<typeof findQuarantine>
  /** Lists the kinds of media that no worker can process. */
  unavailableKinds: BoundQuery<typeof kindsWithoutTools>
  /** Lists the published variants of an asset that lie in a bucket, by name. */
  standingVariants: BoundQuery<typeof standingVariants>
}

/** Binds the queries of processing to a database. */
export const createProcessingQueries = (db: Database): ProcessingQueries => ({
  source: asset => sourceOfAsset(db, asset),
  project: id => findProject(db, id),
  preset: id => getPreset(db, id),
  isBlocked: (projectId, sha256) => isContentBlocked(db, projectId, sha256),
  quarantine: (projectId, sha256) => findQuarantine(db, projectId, sha256),
  unavailableKinds: () => kindsWithoutTools(db),
  standingVariants: (assetId, bucket) => standingVariants(db, assetId, bucket),
})
