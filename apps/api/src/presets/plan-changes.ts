import type { MediaKind, PresetDefinition, PresetPlan } from '@darkroom/contracts'
import {
  type AssetSelection,
  type KindDuration,
  measureSelection,
  type PlannableAsset,
  readPlannable,
  recentDurations,
} from '@darkroom/db/backfills'
import type { Database } from '@darkroom/db/client'
import type { Engines } from '@darkroom/media/plan'
import { type AssetDiff, diffAsset } from './diff-asset.ts'
import { createBytesPrediction } from './predict-bytes.ts'

/** Plan every asset up to this many; above it, a sample of about this size. */
const EXACT_UP_TO = 10_000
/** Assets that are in memory at once. */
const BATCH = 500

export interface ChangesQuery {
  selection: AssetSelection
  definition: PresetDefinition
  /** Of a stored version; assets that have it are left alone. */
  presetId: string | null
  presetName: string
  capacity: { engines: Engines; slots: number }
  ratePerMinute: number | null
  now: Date
  exactUpTo?: number
}

/** Computes what a definition would change in the assets of a selection, and what that would cost. Changes nothing. */
export async function planChanges(db: Database, query: ChangesQuery): Promise<Omit<PresetPlan, 'preset'>> {
  const { selection, definition, presetId, presetName, capacity, exactUpTo = EXACT_UP_TO } = query
  const measured = await measureSelection(db, selection)
  const durations = await recentDurations(db, selection.projectId, presetName)
  const matched = measured?.total ?? 0
  const oneOf = Math.max(1, Math.ceil(matched / exactUpTo))
  const tally = createTally()
  if (measured) {
    const { lastAssetId } = measured
    for (let after: string | null = null; ; ) {
      const batch = await readPlannable(db, selection, { after, lastAssetId, oneOf, limit: BATCH })
      for (const asset of batch) tally.add(asset, presetId, () => diffAsset(asset, definition, capacity.engines))
      if (batch.length < BATCH) break
      after = batch.at(-1)?.id ?? null
    }
  }
  return tally.toPlan({ ...query, durations, matched, isSampled: oneOf > 1 })
}

const isSettled = ({ status, isBusy }: PlannableAsset) => (status === 'ready' || status === 'partial') && !isBusy

interface Summary extends ChangesQuery {
  durations: KindDuration[]
  matched: number
  isSampled: boolean
}

/** Counts while the assets go by; what it holds grows with kinds and names, not with assets. */
function createTally() {
  const counts = { examined: 0, unchanged: 0, skipped: 0, unknown: 0, added: 0, remade: 0, kept: 0, dropped: 0 }
  const touched = new Map<MediaKind, number>()
  /** Runs of each kind that have to be paid: 1 is one that makes all that the definition means. */
  const work = new Map<MediaKind, number>()
  const bytes = createBytesPrediction()
  const raise = (sums: Map<MediaKind, number>, kind: MediaKind, by: number) =>
    sums.set(kind, (sums.get(kind) ?? 0) + by)

  const addDiff = ({ kind, added, remade, kept, dropped, planned }: AssetDiff) => {
    counts.added += added.length
    counts.remade += remade.length
    counts.kept += kept
    counts.dropped += dropped
    const made = [...added, ...remade]
    for (const variant of made) bytes.want(kind, variant)
    if (made.length + dropped === 0) counts.unchanged++
    else raise(touched, kind, 1)
    raise(work, kind, planned === 0 ? 0 : made.length / planned)
  }
  return {
    add(asset: PlannableAsset, presetId: string | null, diff: () => AssetDiff | null) {
      counts.examined++
      const { kind } = asset
      if (kind) for (const variant of asset.standing) bytes.see(kind, variant)
      if (!isSettled(asset) || asset.presetId === presetId) {
        counts.skipped++
        return
      }
      const found = diff()
      if (found) return addDiff(found)
      counts.unknown++
      if (kind) raise(work, kind, 1)
    },
    toPlan({ durations, matched, isSampled, capacity, ratePerMinute, now }: Summary): Omit<PresetPlan, 'preset'> {
      const factor = isSampled && counts.examined > 0 ? matched / counts.examined : 1
      const scaled = (count: number) => Math.round(count * factor)
      const touchedCount = [...touched.values()].reduce((sum, each) => sum + each, 0)
      const jobs = scaled(touchedCount + counts.unchanged + counts.unknown)
      const time = timeOf(work, durations)
      const cpuSeconds = time.seconds === null ? null : Math.round(time.seconds * factor * 10) / 10
      return {
        sampled: isSampled,
        examined: counts.examined,
        assets: {
          matched,
          touched: scaled(touchedCount + counts.unknown),
          touchedByKind: Object.fromEntries([...touched].map(([kind, count]) => [kind, scaled(count)])),
          unchanged: scaled(counts.unchanged),
          skipped: scaled(counts.skipped),
          unknown: scaled(counts.unknown),
        },
        variants: {
          added: scaled(counts.added),
          remade: scaled(counts.remade),
          kept: scaled(counts.kept),
          dropped: scaled(counts.dropped),
        },
        cost: {
          cpuSeconds,
          basis: time.basis,
          bytesToWrite: scaled(bytes.total()),
          storeCalls: {
            get: jobs,
            put: scaled(counts.added + counts.remade),
            delete: scaled(counts.remade + counts.dropped),
          },
          finishAt: finishAt({ cpuSeconds, slots: capacity.slots, jobs, ratePerMinute, now }),
        },
      }
    },
  }
}

/** Seconds of work by how long jobs of each kind took; null when a kind has never been processed. */
function timeOf(work: ReadonlyMap<MediaKind, number>, durations: KindDuration[]) {
  const basis: PresetPlan['cost']['basis'] = {}
  let seconds: number | null = 0
  for (const [kind, runs] of work) {
    const known = durations.find(duration => duration.kind === kind)
    basis[kind] = known ? (known.ofPreset === null ? 'kind' : 'preset') : 'none'
    if (runs > 0) seconds = known && seconds !== null ? seconds + runs * (known.ofPreset ?? known.ofAny) : null
  }
  return { seconds, basis }
}

function finishAt(input: {
  cpuSeconds: number | null
  slots: number
  jobs: number
  ratePerMinute: number | null
  now: Date
}): string | null {
  const { cpuSeconds, slots, jobs, ratePerMinute, now } = input
  if (cpuSeconds === null || slots === 0) return null
  const paced = ratePerMinute === null ? 0 : (jobs / ratePerMinute) * 60
  return new Date(now.getTime() + 1000 * Math.max(cpuSeconds / slots, paced)).toISOString()
}
