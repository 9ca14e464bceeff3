import {
  type BucketAccess,
  type BucketAdministration,
  type BucketChanges,
  type BucketSettings,
  type CorsRule,
  isOurs,
  isSameAction,
  type LifecycleAction,
} from './bucket-settings.ts'
import { areSameRules } from './cors-rules.ts'
import { endsOurFiles } from './lifecycle-actions.ts'

/** What a bucket should be like; settings that are absent are not looked at. */
export interface WantedBucket {
  name: string
  access: BucketAccess
  cors?: CorsRule[]
  lifecycle?: LifecycleAction[]
  encryption?: 'SSE-B2'
}

/** Parts of a set-up that can be planned on their own. */
export type ProvisionPart = 'buckets' | 'cors' | 'lifecycle' | 'encryption' | 'events' | 'keys'

/** A line of a plan, for a person: what is, what will be, and why. */
export interface PlannedChange {
  part: ProvisionPart
  /** The bucket, or the name of the key. */
  target: string
  is: string
  will: string
  why: string
}

/** What stays although it differs, or because it is somebody else's. */
export interface KeptSetting {
  part: ProvisionPart
  target: string
  is: string
  why: string
}

export interface BucketPlan {
  name: string
  /** The access of a bucket that is to be created; null: it exists. */
  creates: BucketAccess | null
  changes: BucketChanges
  planned: PlannedChange[]
  kept: KeptSetting[]
}

/** What a setting needs: its changes for the store, and its lines for people. */
interface SettingPlan {
  changes: BucketChanges
  planned: Omit<PlannedChange, 'target'>[]
  kept: Omit<KeptSetting, 'target'>[]
}

interface Question {
  found: BucketSettings
  wanted: WantedBucket
  /** Whether settings that conflict with ours are replaced. */
  replace: boolean
}

const NOTHING: SettingPlan = { changes: {}, planned: [], kept: [] }
const PLANNERS = [planAccess, planCors, planLifecycle, planEncryption]

/**
 * Compares a bucket with what it should be like. What others set stays, unless it conflicts and `replace` says so.
 * @param found null for a bucket that does not exist
 */
export function planBucket(
  found: BucketSettings | null,
  wanted: WantedBucket,
  { replace = false }: { replace?: boolean } = {},
): BucketPlan {
  const { name, access } = wanted
  const settings = found ?? { name, access, encryption: null, cors: [], lifecycle: [] }
  const parts = PLANNERS.map(plan => plan({ found: settings, wanted, replace }))
  const creation = { part: 'buckets' as const, is: 'does not exist', will: access, why: WHY_ACCESS[access] }
  const planned = [...(found ? [] : [creation]), ...parts.flatMap(part => part.planned)]
  return {
    name,
    creates: found ? null : access,
    changes: Object.assign({}, ...parts.map(({ changes }) => changes)),
    planned: planned.map(line => ({ ...line, target: name })),
    kept: parts.flatMap(part => part.kept).map(line => ({ ...line, target: name })),
  }
}

/** Makes a bucket what its plan says. */
export async function applyBucketPlan(administration: BucketAdministration, plan: BucketPlan): Promise<void> {
  if (plan.creates) await administration.create(plan.name, plan.creates)
  if (Object.keys(plan.changes).length > 0) await administration.update(plan.name, plan.changes)
}

const WHY_ACCESS: Record<BucketAccess, string> = {
  private: 'uploads and originals are for holders of a key only',
  public: 'variants are served from it',
}

function planAccess({ found, wanted: { access }, replace }: Question): SettingPlan {
  if (found.access === null || found.access === access) return NOTHING
  const line = { part: 'buckets' as const, is: found.access }
  if (replace) {
    const planned = [{ ...line, will: access, why: WHY_ACCESS[access] }]
    return { ...NOTHING, changes: { access }, planned }
  }
  return { ...NOTHING, kept: [{ ...line, why: `should be ${access}: ${WHY_ACCESS[access]}; --replace changes it` }] }
}

const describeCors = (rules: CorsRule[]): string =>
  rules.map(({ origins, operations }) => `${origins.join(', ')} may ${operations.join(', ')}`).join('; ') || 'no rule'

function planCors({ found, wanted: { cors } }: Question): SettingPlan {
  if (!cors) return NOTHING
  const ours = found.cors.filter(isOurs)
  const kept = found.cors
    .filter(rule => !isOurs(rule))
    .map(rule => ({
      part: 'cors' as const,
      is: describeCors([rule]),
      why: `rule of others (${rule.name ?? 'no name'})`,
    }))
  if (areSameRules(ours, cors)) return { ...NOTHING, kept }
  const planned = [
    {
      part: 'cors' as const,
      is: describeCors(ours),
      will: describeCors(cors),
      why: 'browsers let no other page upload to the store or read from it',
    },
  ]
  return { changes: { cors }, planned, kept }
}

const PHRASES: Record<LifecycleAction['kind'], (days: string) => string> = {
  hide: days => `hidden after ${days}`,
  'delete-hidden': days => `hidden versions deleted after ${days}`,
  'cancel-multipart': days => `unfinished multipart uploads cancelled after ${days}`,
}

/** Describes actions that share their prefix. */
function describeActions(actions: LifecycleAction[]): string {
  const phrases = actions.map(({ kind, days }) => PHRASES[kind](days === 1 ? '1 day' : `${days} days`))
  return `${actions[0]?.prefix || 'all files'}: ${phrases.join(', ')}`
}

function planLifecycle({ found, wanted: { lifecycle }, replace }: Question): SettingPlan {
  if (!lifecycle) return NOTHING
  const missing = lifecycle.filter(action => !found.lifecycle.some(each => isSameAction(each, action)))
  const inTheWay = (action: LifecycleAction) =>
    found.lifecycle.filter(({ prefix, kind }) => prefix === action.prefix && kind === action.kind)
  const add = missing.filter(action => replace || inTheWay(action).length === 0)
  const remove = replace ? missing.flatMap(inTheWay) : []
  const planned = [...Map.groupBy(add, ({ prefix }) => prefix).values()].map(actions => {
    const before = actions.flatMap(inTheWay)
    return {
      part: 'lifecycle' as const,
      is: before.length > 0 ? describeActions(before) : 'no rule for that',
      will: describeActions(actions),
      why: 'the store bills abandoned uploads, hidden versions and parts that were never completed',
    }
  })
  const kept = found.lifecycle.flatMap(action => keptAction(action, { lifecycle, missing, remove }))
  return { changes: add.length > 0 ? { lifecycle: { add, remove } } : {}, planned, kept }
}

function keptAction(
  action: LifecycleAction,
  { lifecycle, missing, remove }: Record<'lifecycle' | 'missing' | 'remove', LifecycleAction[]>,
): Omit<KeptSetting, 'target'>[] {
  if ([...lifecycle, ...remove].some(each => isSameAction(each, action))) return []
  const instead = missing.find(({ prefix, kind }) => prefix === action.prefix && kind === action.kind)
  const conflict = instead && `instead of "${describeActions([instead])}"; --replace changes it`
  const danger = endsOurFiles(action) && 'this ends files of Darkroom that must last; remove it'
  const why = [conflict, danger].filter(Boolean).join('; ') || 'rule of others'
  return [{ part: 'lifecycle', is: describeActions([action]), why }]
}

function planEncryption({ found, wanted: { encryption } }: Question): SettingPlan {
  if (!encryption || found.encryption === encryption) return NOTHING
  const planned = [
    {
      part: 'encryption' as const,
      is: found.encryption ?? 'not known',
      will: `${encryption} for new objects`,
      why: 'objects are encrypted on the disks of the store, at no cost',
    },
  ]
  return { ...NOTHING, changes: { encryption }, planned }
}
