import { s3Error } from '../errors.ts'
import { emptyReply, xmlReply } from '../http/reply.ts'
import { childrenOf, parseXml, textOf } from '../xml.ts'
import { type Operation, readXml, requireBucket } from './call.ts'

/** What new objects are encrypted with by default, in B2's words: its keys are the only ones. Nothing is encrypted here. */
export const SSE_B2 = 'SSE-B2'

export const getBucketEncryption: Operation = call => {
  if (requireBucket(call).encryption !== SSE_B2) throw s3Error('ServerSideEncryptionConfigurationNotFoundError')
  const byDefault = ['ApplyServerSideEncryptionByDefault', [['SSEAlgorithm', 'AES256']]] as const
  return xmlReply(['ServerSideEncryptionConfiguration', [['Rule', [byDefault]]]])
}

export const putBucketEncryption: Operation = async call => {
  requireBucket(call)
  const root = parseXml(await readXml(call), 'ServerSideEncryptionConfiguration')
  const byDefault = childrenOf(root, 'Rule').flatMap(rule => childrenOf(rule, 'ApplyServerSideEncryptionByDefault'))[0]
  if (!byDefault) throw s3Error('MalformedXML')
  if (textOf(byDefault, 'SSEAlgorithm')?.trim() !== 'AES256') throw s3Error('NotImplemented')
  await call.store.commit(transaction =>
    call.store.buckets.set(transaction, requireBucket(call), { encryption: SSE_B2 }),
  )
  return emptyReply(200)
}

export const deleteBucketEncryption: Operation = async call => {
  await call.store.commit(transaction => call.store.buckets.set(transaction, requireBucket(call), { encryption: null }))
  return emptyReply(204)
}
