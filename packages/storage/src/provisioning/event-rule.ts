import { randomBytes } from 'node:crypto'
import { AppError } from '@darkroom/core'
import type { NativeClient } from '../native/native-client.ts'
import { type NativeEventRule, NativeEventRules } from '../native/native-shapes.ts'
import { UPLOAD_PREFIX } from '../object-key.ts'
import { findNativeBucket } from './b2-bucket-administration.ts'
import type { KeptSetting, PlannedChange } from './plan-bucket.ts'

/** The events of the uploads of one bucket, and where they go. */
export interface WantedEvents {
  bucket: string
  /** HTTPS at B2; ends in `/v1/hooks/b2`. */
  url: string
  /** 32 letters and digits, as in `B2_EVENT_SECRET`; null: that of the rule, or a new one. */
  secret: string | null
}

export interface EventPlan {
  /** All rules that the bucket should have; null: nothing to set. */
  rules: NativeEventRule[] | null
  /** A secret that was made for the rule; null: it has the one that was given, or its own. */
  newSecret: string | null
  planned: PlannedChange[]
  kept: KeptSetting[]
}

const NAME = 'darkroom-uploads'

/** No `Copy`: uploads come from outside, and a copy of ours below this prefix would be an event about itself. */
const EVENT_TYPES = ['b2:ObjectCreated:Upload', 'b2:ObjectCreated:MultipartUpload']

const WHY = 'uploads are then processed also when nobody confirms them'

const NOT_ENABLED =
  'B2 does not show the rules. Backblaze Support enables event notifications for an account; without them, uploads that nobody confirms wait for the sweeper'

const ruleFor = (url: string, secret: string): NativeEventRule => ({
  name: NAME,
  eventTypes: EVENT_TYPES,
  isEnabled: true,
  objectNamePrefix: UPLOAD_PREFIX,
  targetConfiguration: { targetType: 'webhook', url, hmacSha256SigningSecret: secret },
})

/** Compares the event rules of a bucket with the one that we want. Rules of others stay. */
export async function planEvents(client: NativeClient, wanted: WantedEvents): Promise<EventPlan> {
  const line = { part: 'events' as const, target: wanted.bucket }
  const found = await readEventRules(client, wanted.bucket).catch((error: unknown) => {
    if (error instanceof AppError && ['INTERNAL', 'STORE_CREDENTIALS'].includes(error.code)) return error
    throw error
  })
  if (found instanceof AppError) {
    const kept = [{ ...line, is: 'not available', why: `${NOT_ENABLED} (${found.message})` }]
    return { rules: null, newSecret: null, planned: [], kept }
  }
  const others = found.filter(({ name }) => name !== NAME)
  const kept = others.map(rule => ({ ...line, is: describeRule(rule), why: 'rule of others' }))
  const rival = others.find(isInTheWay)
  if (rival) {
    const why = `B2 allows one rule for the uploads below ${UPLOAD_PREFIX}; remove "${rival.name}" and run this again`
    return { rules: null, newSecret: null, planned: [], kept: [...kept, { ...line, is: 'no rule of ours', why }] }
  }
  const current = found.find(({ name }) => name === NAME)
  const known = wanted.secret ?? current?.targetConfiguration.hmacSha256SigningSecret
  const secret = known ?? newSecret()
  const rule = ruleFor(wanted.url, secret)
  const is = differencesOf(current, rule)
  if (is === null) return { rules: null, newSecret: null, planned: [], kept }
  const made = known ? null : secret
  return {
    rules: [...others, rule],
    newSecret: made,
    planned: [{ ...line, is, will: describeRule(rule), why: WHY }],
    kept,
  }
}

/** Sets all event rules of a bucket, which must exist by now. */
export async function setEventRules(client: NativeClient, bucket: string, rules: NativeEventRule[]): Promise<void> {
  const bucketId = (await findNativeBucket(client, bucket))?.bucketId
  const body = { bucketId, eventNotificationRules: rules.map(settable) }
  await client.call({ operation: 'b2_set_bucket_notification_rules', bucket, body, answer: NativeEventRules })
}

/** Reads the event rules of a bucket; one that does not exist has none. */
async function readEventRules(client: NativeClient, bucket: string): Promise<NativeEventRule[]> {
  const found = await findNativeBucket(client, bucket)
  if (!found) return []
  const { eventNotificationRules } = await client.call({
    operation: 'b2_get_bucket_notification_rules',
    bucket,
    method: 'GET',
    body: { bucketId: found.bucketId },
    answer: NativeEventRules,
  })
  return eventNotificationRules
}

/** Returns 32 letters and digits, which is what B2 takes. */
const newSecret = (): string => randomBytes(16).toString('hex')

/** Leaves out what only B2 sets. */
function settable({ isSuspended: _isSuspended, suspensionReason: _reason, ...rule }: NativeEventRule): object {
  return rule
}

const describeRule = ({ eventTypes, objectNamePrefix, targetConfiguration }: NativeEventRule): string =>
  `${eventTypes.join(', ')} below ${objectNamePrefix || 'any name'} to ${targetConfiguration.url}`

/** Says in what a rule is not as wanted, never with its secret; null when it is. */
function differencesOf(current: NativeEventRule | undefined, wanted: NativeEventRule): string | null {
  if (!current) return 'no rule'
  if (current.isSuspended) return `suspended by B2: ${current.suspensionReason ?? 'no reason given'}`
  if (!current.isEnabled) return 'disabled'
  if (describeRule(sorted(current)) !== describeRule(sorted(wanted))) return describeRule(current)
  const secretOf = (rule: NativeEventRule) => rule.targetConfiguration.hmacSha256SigningSecret
  return secretOf(current) === secretOf(wanted) ? null : 'signed with another secret'
}

const sorted = (rule: NativeEventRule): NativeEventRule => ({ ...rule, eventTypes: rule.eventTypes.toSorted() })

/** Returns whether B2 would refuse our rule because of this one: the same events below overlapping prefixes. */
function isInTheWay({ eventTypes, objectNamePrefix: prefix }: NativeEventRule): boolean {
  const overlaps = UPLOAD_PREFIX.startsWith(prefix) || prefix.startsWith(UPLOAD_PREFIX)
  return overlaps && eventTypes.some(type => EVENT_TYPES.includes(type) || type === 'b2:ObjectCreated:*')
}
