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
  if (!node) return undefined
  const text = textOf(node, field)?.trim() ?? ''
  if (!/^[1-9]\d{0,5}$/.test(text)) throw s3Error('InvalidArgument', `${action} needs a positive ${field}.`)
  return Number(text)
}

function parseRule(node: XmlNode, index: number): LifecycleRule {
  const unknown = [...node.children.keys()].find(name => !understood.has(name))
  if (unknown !== undefined) throw s3Error('NotImplemented', `Lifecycle element ${unknown} is not implemented.`)
  const filter = childrenOf(node, 'Filter')[0]
  if (filter && [...filter.children.keys()].some(name => name !== 'Prefix')) {
    throw s3Error('NotImplemented', 'Only Prefix is supported in a lifecycle filter.')
  }
  const status = textOf(node, 'Status')?.trim()
  if (status !== 'Enabled' && status !== 'Disabled') throw s3Error('MalformedXML')
  return {
    id: textOf(node, 'ID') ?? `rule-${index + 1}`,
    enabled: status === 'Enabled',
    prefix: (filter ? textOf(filter, 'Prefix') : textOf(node, 'Prefix')) ?? '',
    daysToHide: days(node, 'Expiration', 'Days'),
    daysFromHidingToDelete: days(node, 'NoncurrentVersionExpiration', 'NoncurrentDays'),
    daysToAbortUploads: days(node, 'AbortIncompleteMultipartUpload', 'DaysAfterInitiation'),
  }
}

export function parseLifecycle(xml: string): LifecycleRule[] {
  const rules = childrenOf(parseXml(xml, 'LifecycleConfiguration'), 'Rule').map(parseRule)
  if (rules.length === 0) throw s3Error('MalformedXML')
  if (rules.length > maxLifecycleRules)
    throw s3Error('InvalidRequest', `At most ${maxLifecycleRules} rules are allowed.`)
  return rules
}

function describeRule(rule: LifecycleRule): XmlElement {
  const action = (name: string, field: string, value: number | undefined): XmlElement | undefined =>
    value === undefined ? undefined : [name, [[field, value]]]
  return [
    'Rule',
    [
      ['ID', rule.id],
      ['Filter', [['Prefix', rule.prefix]]],
      ['Status', rule.enabled ? 'Enabled' : 'Disabled'],
      action('Expiration', 'Days', rule.daysToHide),
      action('NoncurrentVersionExpiration', 'NoncurrentDays', rule.daysFromHidingToDelete),
      action('AbortIncompleteMultipartUpload', 'DaysAfterInitiation', rule.daysToAbortUploads),
    ],
  ]
}

export const getBucketLifecycle: Operation = call => {
  const rules = lifecycleRulesOf(requireBucket(call))
  if (rules.length === 0) throw s3Error('NoSuchLifecycleConfiguration')
  return xmlReply(['LifecycleConfiguration', rules.map(describeRule)])
}

export const putBucketLifecycle: Operation = async call => {
  requireBucket(call)
  const rules = parseLifecycle(await readXml(call))
  await call.store.commit(transaction =>
    call.store.buckets.setLifecycle(transaction, requireBucket(call), JSON.stringify(rules)),
  )
  return emptyReply(200)
}

export const deleteBucketLifecycle: Operation = async call => {
  await call.store.commit(transaction => call.store.buckets.setLifecycle(transaction, requireBucket(call), null))
  return emptyReply(204)
}
