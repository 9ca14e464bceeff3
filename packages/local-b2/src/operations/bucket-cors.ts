import { type CorsRule, corsVary, findCorsRule, preflightHeaders } from '../cors.ts'
import { s3Error } from '../errors.ts'
import { emptyReply, xmlReply } from '../http/reply.ts'
import { maxCorsAgeSeconds, maxCorsRuleBytes, maxCorsRules, maxCorsXmlBytes } from '../limits.ts'
import type { Bucket } from '../store/buckets.ts'
import { childrenOf, parseXml, textOf, type XmlElement, type XmlNode } from '../xml.ts'
import { type Operation, readXml, requireBucket } from './call.ts'

const methods = new Set(['GET', 'PUT', 'POST', 'DELETE', 'HEAD'])

function texts(node: XmlNode, name: string): string[] {
  return childrenOf(node, name).map(child => child.text.trim())
}

function maxAge(node: XmlNode): number | undefined {
  const text = textOf(node, 'MaxAgeSeconds')?.trim()
  if (text === undefined) return undefined
  if (!/^\d{1,6}$/.test(text) || Number(text) > maxCorsAgeSeconds) {
    throw s3Error('InvalidRequest', `MaxAgeSeconds must be from 0 to ${maxCorsAgeSeconds}.`)
  }
  return Number(text)
}

function parseRule(node: XmlNode): CorsRule {
  const rule: CorsRule = {
    id: textOf(node, 'ID'),
    allowedOrigins: texts(node, 'AllowedOrigin'),
    allowedMethods: texts(node, 'AllowedMethod'),
    allowedHeaders: texts(node, 'AllowedHeader'),
    exposeHeaders: texts(node, 'ExposeHeader'),
    maxAgeSeconds: maxAge(node),
  }
  const patterns = [...rule.allowedOrigins, ...rule.allowedHeaders]
  if (rule.allowedOrigins.length === 0 || rule.allowedMethods.length === 0 || patterns.includes('')) {
    throw s3Error('MalformedXML')
  }
  const unknown = rule.allowedMethods.find(method => !methods.has(method))
  if (unknown !== undefined) {
    throw s3Error('InvalidRequest', `Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`)
  }
  const loose = patterns.find(pattern => pattern.split('*').length > 2)
  if (loose !== undefined) throw s3Error('InvalidRequest', `"${loose}" can not have more than one wildcard.`)
  if (Buffer.byteLength(JSON.stringify(rule)) >= maxCorsRuleBytes) {
    throw s3Error('InvalidRequest', `A CORS rule must be smaller than ${maxCorsRuleBytes} bytes.`)
  }
  return rule
}

export function parseCorsConfiguration(xml: string): CorsRule[] {
  const rules = childrenOf(parseXml(xml, 'CORSConfiguration'), 'CORSRule').map(parseRule)
  if (rules.length === 0) throw s3Error('MalformedXML')
  if (rules.length > maxCorsRules) throw s3Error('InvalidRequest', `At most ${maxCorsRules} CORS rules are allowed.`)
  return rules
}

export function corsRulesOf(bucket: Bucket): CorsRule[] {
  return bucket.cors === null ? [] : JSON.parse(bucket.cors)
}

function describeRule(rule: CorsRule): XmlElement {
  return [
    'CORSRule',
    [
      rule.id === undefined ? undefined : ['ID', rule.id],
      ...rule.allowedOrigins.map(text => ['AllowedOrigin', text] as const),
      ...rule.allowedMethods.map(text => ['AllowedMethod', text] as const),
      ...rule.allowedHeaders.map(text => ['AllowedHeader', text] as const),
      ...rule.exposeHeaders.map(text => ['ExposeHeader', text] as const),
      rule.maxAgeSeconds === undefined ? undefined : ['MaxAgeSeconds', rule.maxAgeSeconds],
    ],
  ]
}

export const getBucketCors: Operation = call => {
  const rules = corsRulesOf(requireBucket(call))
  if (rules.length === 0) throw s3Error('NoSuchCORSConfiguration')
  return xmlReply(['CORSConfiguration', rules.map(describeRule)])
}

export const putBucketCors: Operation = async call => {
  requireBucket(call)
  const rules = parseCorsConfiguration(await readXml(call, maxCorsXmlBytes))
  await call.store.commit(transaction =>
    call.store.buckets.set(transaction, requireBucket(call), { cors: JSON.stringify(rules) }),
  )
  return emptyReply(200)
}

export const deleteBucketCors: Operation = async call => {
  await call.store.commit(transaction => call.store.buckets.set(transaction, requireBucket(call), { cors: null }))
  return emptyReply(204)
}

/** Preflights carry no signature; they are answered by the bucket's rules alone, and refused without rules. */
export const preflight: Operation = call => {
  const { request } = call
  const origin = request.header('origin')
  const method = request.header('access-control-request-method')
  if (origin === undefined || method === undefined) {
    throw s3Error(
      'BadRequest',
      'Insufficient information. Origin and Access-Control-Request-Method headers are needed.',
    )
  }
  const bucket = call.store.buckets.find(request.bucket ?? '')
  const headers = (request.header('access-control-request-headers') ?? '')
    .split(',')
    .map(header => header.trim())
    .filter(header => header !== '')
  const question = { origin, method, headers }
  const rule = bucket && findCorsRule(corsRulesOf(bucket), question)
  if (!rule) throw s3Error('AccessForbidden', undefined, { vary: corsVary })
  return emptyReply(200, { ...preflightHeaders(rule, question), vary: corsVary })
}
