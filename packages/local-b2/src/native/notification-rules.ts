import { z } from 'zod'
import type { EventRule } from '../events/event-sink.ts'
import type { Bucket } from '../store/buckets.ts'
import { changeBucket, operation, requireBucketId } from './native-call.ts'

const MAX_RULES = 25
const MAX_BATCH = 50
const RULE_NAME = /^(?!b2-)[A-Za-z0-9-]{6,63}$/

/** B2 takes HTTPS only; here a receiver on this machine may do without. */
const isWebhookUrl = (text: string): boolean => {
  const url = URL.parse(text)
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && /^(localhost|127\.|\[::1\])/.test(url.hostname))
}

/** https://www.backblaze.com/apidocs/b2-set-bucket-notification-rules */
const NotificationRule = z.strictObject({
  name: z.string().regex(RULE_NAME),
  eventTypes: z.array(z.string().regex(/^b2:[A-Za-z]+(:([A-Za-z]+|\*))?$/)).min(1),
  isEnabled: z.boolean(),
  objectNamePrefix: z.string(),
  maxEventsPerBatch: z.int().min(1).max(MAX_BATCH).default(1),
  targetConfiguration: z.strictObject({
    targetType: z.literal('webhook'),
    url: z.string().refine(isWebhookUrl, 'must be an HTTPS URL'),
    customHeaders: z.array(z.strictObject({ name: z.string(), value: z.string() })).nullish(),
    hmacSha256SigningSecret: z
      .string()
      .regex(/^[A-Za-z0-9]{32}$/)
      .nullish(),
  }),
})
type NotificationRule = z.output<typeof NotificationRule>

const covers = (one: string, other: string): boolean =>
  one === other || (one.endsWith(':*') && other.startsWith(one.slice(0, -1)))

/** Returns whether both rules would send the same event, which B2 refuses. */
function overlap(one: NotificationRule, other: NotificationRule): boolean {
  const [short, long] = [one.objectNamePrefix, other.objectNamePrefix].sort((a, b) => a.length - b.length)
  const isSameEvent = one.eventTypes.some(type =>
    other.eventTypes.some(each => covers(type, each) || covers(each, type)),
  )
  return isSameEvent && (long ?? '').startsWith(short ?? '')
}

const NotificationRules = z
  .array(NotificationRule)
  .max(MAX_RULES)
  .refine(rules => new Set(rules.map(({ name }) => name)).size === rules.length, 'names must differ')
  .refine(rules => !rules.some((rule, index) => rules.slice(index + 1).some(other => overlap(rule, other))), {
    error: 'prefixes of rules for the same event type must not overlap',
  })

const rulesOf = ({ event_rules: rules }: Bucket): NotificationRule[] => (rules === null ? [] : JSON.parse(rules))

/** Returns the rules by which events of this bucket are sent. */
export const eventRulesOf = (bucket: Bucket): EventRule[] =>
  rulesOf(bucket)
    .filter(({ isEnabled }) => isEnabled)
    .map(({ name, eventTypes, objectNamePrefix, targetConfiguration: { url, hmacSha256SigningSecret: secret } }) => ({
      name,
      bucket: bucket.name,
      prefix: objectNamePrefix,
      eventTypes,
      url,
      ...(secret && { secret }),
    }))

/** Describes the rules by name, as B2 does; none is ever suspended here. */
const describeRules = (bucket: Bucket) => ({
  bucketId: bucket.b2_id,
  eventNotificationRules: rulesOf(bucket)
    .map(rule => ({ ...rule, isSuspended: false, suspensionReason: '' }))
    .sort((one, other) => one.name.localeCompare(other.name)),
})

export const getBucketNotificationRules = operation({
  needs: 'readBucketNotifications',
  methods: ['GET', 'POST'],
  body: z.strictObject({ bucketId: z.string() }),
  run: call => describeRules(requireBucketId(call, call.body.bucketId)),
})

export const setBucketNotificationRules = operation({
  needs: 'writeBucketNotifications',
  body: z.strictObject({ bucketId: z.string(), eventNotificationRules: NotificationRules }),
  async run(call) {
    const bucket = requireBucketId(call, call.body.bucketId)
    const event_rules = JSON.stringify(call.body.eventNotificationRules)
    return describeRules(await changeBucket(call, bucket, { event_rules }))
  },
})
