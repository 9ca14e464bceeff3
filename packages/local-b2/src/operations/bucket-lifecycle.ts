import { randomUUID } from 'node:crypto'
import { s3Error } from '../errors.ts'
import { emptyReply, xmlReply } from '../http/reply.ts'
import { type LifecycleRule, lifecycleRulesOf } from '../lifecycle.ts'
import { maxLifecycleRules } from '../limits.ts'
import { childrenOf, parseXml, textOf, type XmlElement, type XmlNode } from '../xml.ts'
import { type Operation, readXml, requireBucket } from './call.ts'

const understood = new Set([
  'ID',
  'Status',
  'Filter',
  'Prefix',
  'Expiration',
  'NoncurrentVersionExpiration',
  'AbortIncompleteMultipartUpload',
])

function days(rule: XmlNode, action: string, field: string): number | undefined {
  const node = childrenOf(rule, action)[0]
  if (!node || (action === 'Expiration' && textOf(node, 'ExpiredObjectDeleteMarker') !== undefined)) return undefined
  const text = textOf(node, field)?.trim() ?? ''
  if (!/^[1-9]\d{0,5}$/.test(text)) throw s3Error('InvalidArgument', `${action} needs a positive ${field}.`)
  return Number(text)
}

/** Translates a rule of S3; one that is disabled does nothing, and B2's rules cannot be disabled. */
function parseRule(node: XmlNode): LifecycleRule[] {
  const unknown = [...node.children.keys()].find(name => !understood.has(name))
  if (unknown !== undefined) throw s3Error('NotImplemented', `Lifecycle element ${unknown} is not implemented.`)
  const filter = childrenOf(node, 'Filter')[0]
  if (filter && [...filter.children.keys()].some(name => name !== 'Prefix')) {
    throw s3Error('NotImplemented', 'Only Prefix is supported in a lifecycle filter.')
  }
  const status = textOf(node, 'Status')?.trim()
  if (status !== 'Enabled' && status !== 'Disabled') throw s3Error('MalformedXML')
  const rule = {
    prefix: (filter ? textOf(filter, 'Prefix') : textOf(node, 'Prefix')) ?? '',
    daysToHide: days(node, 'Expiration', 'Days'),
    daysFromHidingToDelete: days(node, 'NoncurrentVersionExpiration', 'NoncurrentDays'),
    daysToAbortUploads: days(node, 'AbortIncompleteMultipartUpload', 'DaysAfterInitiation'),
  }
  return status === 'Enabled' ? [rule] : []
}

/** Returns the earlier day of two that say the same for one prefix. Source for B2: unproven. */
const earlier = (one: number | undefined, other: number | undefined): number | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.min(one, other)

/** Merges rules of S3, of which a prefix may have several, into the one that B2 keeps for it. */
function mergeByPrefix(rules: LifecycleRule[]): LifecycleRule[] {
  const merged = new Map<string, LifecycleRule>()
  for (const rule of rules) {
    const before = merged.get(rule.prefix)
    merged.set(rule.prefix, {
      prefix: rule.prefix,
      daysToHide: earlier(before?.daysToHide, rule.daysToHide),
      daysFromHidingToDelete: earlier(before?.daysFromHidingToDelete, rule.daysFromHidingToDelete),
      daysToAbortUploads: earlier(before?.daysToAbortUploads, rule.daysToAbortUploads),
    })
  }
  return [...merged.values()]
}

export function parseLifecycle(xml: string): LifecycleRule[] {
  const nodes = childrenOf(parseXml(xml, 'LifecycleConfiguration'), 'Rule')
  if (nodes.length === 0) throw s3Error('MalformedXML')
  const rules = mergeByPrefix(nodes.flatMap(parseRule))
  if (rules.length > maxLifecycleRules)
    throw s3Error('InvalidRequest', `At most ${maxLifecycleRules} rules are allowed.`)
  return rules
}

/**
 * Describes a rule as B2 answers it: an element for each action, "hide" as two of them, and ids that are new each time, since B2 keeps
 * none. https://www.backblaze.com/apidocs/s3-get-lifecycle-configuration
 */
function describeRule(rule: LifecycleRule): (XmlElement | undefined)[] {
  const element = (action: string, field: string, value: number | boolean | undefined): XmlElement | undefined =>
    value === undefined
      ? undefined
      : [
          'Rule',
          [
            ['ID', randomUUID()],
            ['Filter', [['Prefix', rule.prefix]]],
            ['Status', 'Enabled'],
            [action, [[field, value]]],
          ],
        ]
  return [
    element('Expiration', 'Days', rule.daysToHide),
    element('Expiration', 'ExpiredObjectDeleteMarker', rule.daysToHide === undefined ? undefined : true),
    element('NoncurrentVersionExpiration', 'NoncurrentDays', rule.daysFromHidingToDelete),
    element('AbortIncompleteMultipartUpload', 'DaysAfterInitiation', rule.daysToAbortUploads),
  ]
}

export const getBucketLifecycle: Operation = call => {
  const rules = lifecycleRulesOf(requireBucket(call))
  if (rules.length === 0) throw s3Error('NoSuchLifecycleConfiguration')
  return xmlReply(['LifecycleConfiguration', rules.flatMap(describeRule)])
}

export const putBucketLifecycle: Operation = async call => {
  requireBucket(call)
  const rules = parseLifecycle(await readXml(call))
  await call.store.commit(transaction =>
    call.store.buckets.set(transaction, requireBucket(call), { lifecycle: JSON.stringify(rules) }),
  )
  return emptyReply(200)
}

export const deleteBucketLifecycle: Operation = async call => {
  await call.store.commit(transaction => call.store.buckets.set(transaction, requireBucket(call), { lifecycle: null }))
  return emptyReply(204)
}
