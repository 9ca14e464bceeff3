import { newId } from '@darkroom/core'
import type { Findings } from '@darkroom/jobs/findings'
import type { Run } from '@darkroom/jobs/handler'
import type { PlannedObject, PlannedRow } from '@darkroom/jobs/sql'
import {
  type Facts,
  type Plan,
  type PlannedVariant,
  planSource,
  publicFacts,
  variantsToMake,
  variantsToRemake,
} from '@darkroom/media'
import { originalKey, variantKey } from '@darkroom/storage'
import type { WorkerDeps } from '../deps.ts'
import type { Source } from './source.ts'
import { type FailOn, failOn, refuseWarnings } from './source-warnings.ts'

export interface Work {
  /** Of a project of which nothing is public. */
  isPrivate: boolean
  /** Warnings that the preset or the project does not accept. */
  failOn: FailOn
  /** Names of what the job has to make or to leave out. */
  planned: readonly string[]
  /** Whether files that earlier runs made stay as they are. */
  leavesFiles: boolean
  /** What has to be made; what stands from before is left out. */
  plan: Plan
  /** The objects to be written, by variant name. */
  objects: Map<string, PlannedRow>
  /** Where every variant of the plan is or is going to be, by its name. */
  keys: Map<string, string>
  /** The original to be written; null when it stands. */
  original: PlannedObject | null
}

/**
 * Records what was found, what will be made, and every object before its first byte.
 * @throws WARNING_REFUSED
 */
export async function planWork(
  deps: WorkerDeps,
  run: Run,
  { source, facts, findings }: { source: Source; facts: Facts; findings: Findings },
): Promise<Work> {
  const { queries, settings, presetOf } = deps
  const { asset, job } = run
  const definition = await presetOf(job.presetId ?? asset.presetId)
  const { sha256 } = source
  const wanted = planSource({ facts, sha256, focalPoint: asset.focalPoint }, definition, settings.engines)
  const project = await queries.project(asset.projectId)
  const isPrivate = project?.isPrivate ?? false
  const refused = failOn({ preset: definition.failOn, project: project?.failOn })
  refuseWarnings(findings.warnings, refused)
  const bucket = isPrivate ? settings.privateBucket : (settings.publicBucket ?? settings.privateBucket)
  const all = wanted.variants.map((variant, position) => ({
    ...rowOf(run, variant),
    fingerprint: variant.fingerprint,
    bucket,
    position,
  }))
  const keys = new Map(all.map(({ name, key }) => [name, key]))
  if (job.onlyVariants || wanted.variants.some(({ refersTo }) => refersTo.length > 0))
    await keepTogether(deps, run, { ...wanted, bucket }, all, keys)
  const rows = job.onlyVariants ? all.filter(({ isFresh }) => isFresh) : all
  const skipped = job.onlyVariants ? [] : wanted.skipped
  const original = {
    objectId: newId(),
    bucket: settings.privateBucket,
    key: originalKey(asset.projectId, asset.id),
    contentType: facts.contentType,
  }
  const { details: _, ...probe } = facts
  const made = await run.plan({
    facts: { ...facts, details: publicFacts(facts), sha256 },
    probe,
    variants: rows,
    skipped,
    original: source.isPromoted ? null : original,
  })
  deps.faults.crashpoint('plan.after-commit')

  const objects = new Map(rows.filter(({ objectId }) => made.has(objectId)).map(row => [row.name, row]))
  return {
    isPrivate,
    failOn: refused,
    planned: [...rows, ...skipped].map(({ name }) => name),
    leavesFiles: objects.size < wanted.variants.length,
    plan: { ...wanted, variants: wanted.variants.filter(({ name }) => objects.has(name)) },
    objects,
    keys,
    original: made.has(original.objectId) ? original : null,
  }
}

function rowOf({ asset }: Run, variant: PlannedVariant): Omit<PlannedRow, 'bucket' | 'position' | 'fingerprint'> {
  return {
    name: variant.name,
    required: variant.required,
    contentType: variant.contentType,
    width: variant.width,
    height: variant.height,
    isFresh: false,
    objectId: newId(),
    key: variantKey(asset.projectId, asset.id, variant.extension),
  }
}

/** Adds the files that refer to others: they must be made again together with those, and with what the job names. */
async function keepTogether(
  { queries }: WorkerDeps,
  run: Run,
  { variants, bucket }: Plan & { bucket: string },
  rows: PlannedRow[],
  keys: Map<string, string>,
): Promise<void> {
  const { asset, job } = run
  const standing = await queries.standingVariants(asset.id, bucket)
  const refersTo = new Map(variants.map(variant => [variant.name, variant.refersTo]))
  const making = rows.map(row => ({ ...row, refersTo: refersTo.get(row.name) ?? [] }))
  const names = job.onlyVariants
    ? variantsToRemake(making, standing, await stillToMake(run, job.onlyVariants, making))
    : variantsToMake(making, standing)
  for (const row of rows) {
    row.isFresh = names.has(row.name)
    const before = standing.get(row.name)
    if (before && !row.isFresh) keys.set(row.name, before.key)
  }
}

/**
 * Returns the variants that a job has to make again and that its earlier attempts did not make. Files that refer to
 * each other are made together; otherwise a file of an earlier attempt would refer to one that was replaced.
 */
async function stillToMake(
  run: Run,
  names: readonly string[],
  variants: readonly { name: string; refersTo: readonly string[] }[],
): Promise<Set<string>> {
  const made = await run.variantsMade()
  const referring = variants.filter(({ refersTo }) => refersTo.length > 0)
  const together = new Set(referring.flatMap(({ name, refersTo }) => [name, ...refersTo]))
  return new Set(names.filter(name => !made.has(name) || together.has(name)))
}
