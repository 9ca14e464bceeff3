import { emptyReply, type Reply } from '../http/reply.ts'
import type { Bucket } from '../store/buckets.ts'
import { renderXml, type XmlElement } from '../xml.ts'
import { type Operation, requireBucket, requireKey } from './call.ts'
import { findVersion } from './find-version.ts'
import { owner } from './paging.ts'
import { accessOfAcl } from './upload-refusals.ts'

const xsi = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'

function grant(type: 'CanonicalUser' | 'Group', grantee: XmlElement[], permission: string): XmlElement {
  return [
    'Grant',
    [
      [`Grantee-${type}`, grantee],
      ['Permission', permission],
    ],
  ]
}

/** Adds the only attribute in S3's XML: `xsi:type`, by which clients tell a user from a group. */
function withGranteeTypes(xml: string): string {
  return xml.replace(/<(\/?)Grantee-(\w+)>/g, (_, slash: string, type: string) =>
    slash ? '</Grantee>' : `<Grantee ${xsi} xsi:type="${type}">`,
  )
}

/** Returns the ACL of an object, which is that of its bucket. */
function aclReply(bucket: Bucket): Reply {
  const grants = [grant('CanonicalUser', owner, 'FULL_CONTROL')]
  const everyone: XmlElement = ['URI', 'http://acs.amazonaws.com/groups/global/AllUsers']
  if (bucket.access === 'public') grants.push(grant('Group', [everyone], 'READ'))
  const root: XmlElement = [
    'AccessControlPolicy',
    [
      ['Owner', owner],
      ['AccessControlList', grants],
    ],
  ]
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: withGranteeTypes(renderXml(root)) }
}

export const getBucketAcl: Operation = call => aclReply(requireBucket(call))

export const getObjectAcl: Operation = call => {
  const bucket = requireBucket(call)
  findVersion(call, bucket, requireKey(call), call.request.query.get('versionId'))
  return aclReply(bucket)
}

export const putBucketAcl: Operation = async call => {
  const access = accessOfAcl(call.request.header('x-amz-acl') ?? '')
  await call.store.commit(transaction => call.store.buckets.set(transaction, requireBucket(call), { access }))
  return emptyReply(200)
}
