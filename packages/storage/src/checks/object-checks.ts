import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { type Check, type Finding, fault, fine, notChecked, observed, warning } from '@darkroom/core/checks'
import { bareEtag, quotedEtag } from '../etag.ts'
import type { S3Failure } from '../s3-errors.ts'
import type { StoreCheckContext } from './context.ts'
import { rootFailure } from './failure-reasons.ts'
import type { ScratchObject } from './scratch.ts'

/** B2: https://backblaze.com/apidocs/s3-upload-part */
const MIN_PART_BYTES = 5_000_000
const OTHER_STORE = 'The store differs from B2 here.'
const REPORT = 'Report it with the output of darkroom doctor --json.'
const NEEDS = ['key.write']

/** Whether the store keeps and gives back exactly what it was sent. Everything happens below `doctor/` in the private bucket. */
export const OBJECT_CHECKS: readonly Check<StoreCheckContext>[] = [
  {
    id: 'object.round-trip',
    title: 'an object comes back as it was sent, at once',
    cause: 'A proxy between here and the store changes bodies, or the store is not consistent.',
    fix: 'Reach the store without the proxy.',
    proves: 'HEAD finds an object right after its PUT',
    needs: NEEDS,
    async look(context) {
      const object = await put(context, 'round-trip', 'exactly this')
      const head = await context.store.head(object)
      if (head === null) return fault('HEAD does not find what was just put')
      const text = await read(clientOf(context), object)
      return text === 'exactly this'
        ? fine('the bytes are the same')
        : fault(`other bytes came back: ${text.length} of 12`)
    },
  },
  {
    id: 'object.versions',
    title: 'a second PUT keeps the first version',
    cause: 'Versioning is off, so a late upload could replace bytes that were verified.',
    fix: 'Switch versioning on. B2 always keeps versions.',
    needs: NEEDS,
    async look(context) {
      const first = await put(context, 'versions', 'first')
      const second = await put(context, 'versions', 'second')
      if (!first.versionId || !second.versionId) return warning('the store gives no version ids')
      const text = await read(clientOf(context), first)
      return text === 'first' ? fine('both versions are there') : fault('the first version is gone')
    },
  },
  {
    id: 'object.payload-hash',
    title: 'a body that is not the signed one is refused',
    cause: 'The store does not check x-amz-content-sha256, so damage on the way goes unnoticed until it is read.',
    fix: OTHER_STORE,
    proves: 'a PUT whose body is not that of x-amz-content-sha256 is refused',
    needs: NEEDS,
    async look(context) {
      const command = new PutObjectCommand({ ...at(context, 'payload-hash'), Body: 'other bytes' })
      const name = 'otherHash'
      command.middlewareStack.add(
        next => args => {
          const request = args.request as { headers: Record<string, string> }
          request.headers['x-amz-content-sha256'] = '0'.repeat(64)
          return next(args)
        },
        { step: 'build', name },
      )
      const failure = await failureOf(clientOf(context).send(command))
      return failure ? fine(`refused: ${said(failure)}`) : warning('it was taken')
    },
  },
  {
    id: 'object.content-md5',
    title: 'a body that is not that of Content-MD5 is refused',
    cause: 'The store ignores Content-MD5.',
    fix: 'Nothing rests on it.',
    proves: 'Content-MD5 is enforced',
    needs: NEEDS,
    async look(context) {
      const ContentMD5 = Buffer.alloc(16).toString('base64')
      const command = new PutObjectCommand({ ...at(context, 'md5'), Body: 'other bytes', ContentMD5 })
      const failure = await failureOf(clientOf(context).send(command))
      return observed(
        failure ? `refused: ${said(failure)}` : 'it is ignored; Darkroom does not use it',
        failure !== null,
      )
    },
  },
  {
    id: 'object.checksum-headers',
    title: 'whether the store takes x-amz-checksum-crc32',
    cause: OTHER_STORE,
    fix: 'Nothing to do: Darkroom sends no checksum headers with objects.',
    proves: 'x-amz-checksum-crc32 is accepted',
    needs: NEEDS,
    async look(context) {
      const command = new PutObjectCommand({ ...at(context, 'crc32'), Body: 'a', ChecksumCRC32: '6Le+Qw==' })
      const failure = await failureOf(clientOf(context).send(command))
      return observed(`${failure ? `refused (${said(failure)})` : 'accepted'}; Darkroom sends none`, failure === null)
    },
  },
  {
    id: 'object.conditional-put',
    title: 'whether the store takes If-None-Match with a PUT',
    cause: OTHER_STORE,
    fix: 'Nothing to do: keys cannot be guessed, so nothing is overwritten.',
    proves: 'a PUT with If-None-Match is 501',
    needs: NEEDS,
    async look(context) {
      const command = new PutObjectCommand({ ...at(context, 'conditional'), Body: 'a', IfNoneMatch: '*' })
      const failure = await failureOf(clientOf(context).send(command))
      return observed(
        `${failure ? `refused (${said(failure)})` : 'accepted'}; Darkroom sends none`,
        failure?.status === 501,
      )
    },
  },
  {
    id: 'object.range',
    title: 'a part of an object can be read',
    cause: 'A proxy between here and the store drops the header Range.',
    fix: 'Reach the store without the proxy.',
    needs: NEEDS,
    async look(context) {
      const object = await put(context, 'range', '0123456789')
      const text = await read(clientOf(context), object, { Range: 'bytes=2-4' })
      return text === '234' ? fine('3 of 10 bytes') : fault(`${text.length} bytes came instead of 3`)
    },
  },
  {
    id: 'object.if-match',
    title: 'a GET with the ETag of other bytes is refused',
    cause: 'The store ignores If-Match.',
    fix: 'Nothing to do where versions are kept: Darkroom compares the ETag itself.',
    proves: 'a GET with a wrong If-Match is 412',
    needs: NEEDS,
    async look(context) {
      const object = { ...(await put(context, 'if-match', 'bytes')), versionId: null }
      const right = await failureOf(read(clientOf(context), object, { IfMatch: quotedEtag(object.etag) }))
      if (right) return fault(`its own ETag is refused: ${said(right)}`)
      const wrong = await failureOf(read(clientOf(context), object, { IfMatch: `"${'0'.repeat(32)}"` }))
      return wrong?.status === 412 ? fine('refused with 412') : warning(wrong ? said(wrong) : 'it was answered')
    },
  },
  {
    id: 'object.copy-version',
    title: 'a copy takes exactly the named version',
    cause: 'The store ignores ?versionId= of a copy, so a late upload could replace verified bytes.',
    fix: `${REPORT} Until then set up a store that keeps versions.`,
    proves: 'CopyObject takes ?versionId=',
    needs: ['object.versions'],
    async look(context) {
      const first = await put(context, 'copy-source', 'first')
      if (!first.versionId) return notChecked('the store gives no version ids')
      await put(context, 'copy-source', 'second')
      const copied = await copy(context, first, 'copy')
      const text = await read(clientOf(context), { ...copied, versionId: null })
      return text === 'first' ? fine('the first of two versions was copied') : fault('the newest version was copied')
    },
  },
  {
    id: 'object.copy-etag',
    title: 'a copy has the ETag of its source',
    cause: 'The store computes ETags otherwise, for example because it encrypts.',
    fix: 'Nothing to do: where ETags differ, Darkroom uploads the verified bytes again instead of copying.',
    proves: 'a copy has the ETag of its source',
    needs: NEEDS,
    async look(context) {
      const source = await put(context, 'copy-etag', 'bytes')
      const copied = await copy(context, source, 'copy-etag-2')
      const isSame = copied.etag === source.etag
      return observed(isSame ? 'it is the same' : `it differs: ${copied.etag} and ${source.etag}`, isSame)
    },
  },
  {
    id: 'object.delete-twice',
    title: 'a version that is deleted can be deleted again',
    cause: OTHER_STORE,
    fix: REPORT,
    proves: 'the deletion of a deleted version is 204',
    needs: ['key.delete'],
    async look(context) {
      const { versionId, ...place } = await put(context, 'delete-twice', 'bytes')
      const command = { Bucket: place.bucket, Key: place.key, VersionId: versionId ?? undefined }
      await clientOf(context).send(new DeleteObjectCommand(command))
      const failure = await failureOf(clientOf(context).send(new DeleteObjectCommand(command)))
      if (failure && failure.status !== 404) return fault(said(failure))
      return observed(
        failure ? `${said(failure)}, which counts as deleted` : 'answered as the first time',
        failure === null,
      )
    },
  },
  {
    id: 'object.hide',
    title: 'a DELETE without a version hides the object and keeps its bytes',
    cause: 'Versioning is off.',
    fix: 'Switch versioning on. B2 always keeps versions.',
    needs: ['key.delete', 'object.versions'],
    async look(context) {
      const object = await put(context, 'hide', 'bytes')
      if (!object.versionId) return notChecked('the store gives no version ids')
      await clientOf(context).send(new DeleteObjectCommand({ Bucket: object.bucket, Key: object.key }))
      if ((await context.store.head({ bucket: object.bucket, key: object.key })) !== null)
        return fault('it is still there')
      return (await read(clientOf(context), object)) === 'bytes'
        ? fine('hidden, and readable by its version')
        : fault('the bytes are gone')
    },
  },
  {
    id: 'object.absent',
    title: 'an absent object is told from a refusal',
    cause: 'The key may not list, and the store then refuses to say that an object is absent, as AWS does.',
    fix: 'For AWS add s3:ListBucket to the key.',
    proves: 'a key without listFiles learns that an object is absent',
    needs: ['key.private-bucket'],
    async look(context) {
      const failure = await failureOf(clientOf(context).send(new HeadObjectCommand(at(context, 'absent'))))
      return failure?.status === 404 ? fine('404') : fault(failure ? said(failure) : 'it was found')
    },
  },
  {
    id: 'object.multipart',
    title: 'an upload in parts is put together',
    cause: 'A proxy between here and the store changes the header ETag or large bodies.',
    fix: 'Reach the store without the proxy.',
    proves: 'ListParts needs writeFiles only',
    needs: NEEDS,
    look: multipart,
  },
  {
    id: 'object.acl',
    title: 'an object cannot be published by an ACL of its own',
    cause: 'The store takes x-amz-acl, so a holder of the key can publish single originals.',
    fix: 'Block public ACLs of the bucket. B2 refuses them.',
    needs: ['bucket.private'],
    look: aclOfAnObject,
  },
]

const clientOf = ({ settings, clientOf }: StoreCheckContext): S3Client => clientOf(settings.privateBucket)
const at = ({ settings, scratch }: StoreCheckContext, name: string) => ({
  Bucket: settings.privateBucket,
  Key: scratch.keyOf(name),
})
const put = ({ settings, scratch }: StoreCheckContext, name: string, body: string): Promise<ScratchObject> =>
  scratch.put(settings.privateBucket, name, body)

async function read(
  client: S3Client,
  { bucket, key, versionId }: Omit<ScratchObject, 'etag'>,
  more: { Range?: string; IfMatch?: string } = {},
): Promise<string> {
  const command = { Bucket: bucket, Key: key, VersionId: versionId ?? undefined, ...more }
  const { Body } = await client.send(new GetObjectCommand(command))
  return (await Body?.transformToString()) ?? ''
}

async function copy(context: StoreCheckContext, from: ScratchObject, name: string): Promise<ScratchObject> {
  const version = from.versionId ? `?versionId=${encodeURIComponent(from.versionId)}` : ''
  const to = at(context, name)
  const { CopyObjectResult, VersionId } = await clientOf(context).send(
    new CopyObjectCommand({ ...to, CopySource: `${from.bucket}/${from.key}${version}` }),
  )
  return { bucket: to.Bucket, key: to.Key, versionId: VersionId ?? null, etag: bareEtag(CopyObjectResult?.ETag ?? '') }
}

async function multipart(context: StoreCheckContext): Promise<Finding> {
  const client = clientOf(context)
  const place = at(context, 'multipart')
  const bodies = [Buffer.alloc(MIN_PART_BYTES, 'a'), Buffer.from('the end')]
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(place))
  const Parts: { PartNumber: number; ETag: string }[] = []
  for (const [index, Body] of bodies.entries()) {
    const part = { ...place, UploadId, PartNumber: index + 1, Body }
    const { ETag } = await client.send(new UploadPartCommand(part))
    if (!ETag) return fault('the answer to a part has no ETag')
    Parts.push({ PartNumber: index + 1, ETag })
  }
  const listed = await client.send(new ListPartsCommand({ ...place, UploadId }))
  if (listed.Parts?.length !== bodies.length)
    return fault(`${listed.Parts?.length ?? 0} of ${bodies.length} parts are listed`)
  await client.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts } }))
  const { Body } = await client.send(new GetObjectCommand(place))
  const bytes = Buffer.from((await Body?.transformToByteArray()) ?? [])
  return bytes.equals(Buffer.concat(bodies)) ? fine(`${bytes.length} bytes in 2 parts`) : fault('other bytes came back')
}

async function aclOfAnObject(context: StoreCheckContext): Promise<Finding> {
  const place = at(context, 'acl')
  const failure = await failureOf(
    clientOf(context).send(new PutObjectCommand({ ...place, Body: 'private', ACL: 'public-read' })),
  )
  if (failure) return fine(`refused: ${said(failure)}`)
  const seen = await failureOf(context.anonymous.send(new GetObjectCommand(place)))
  return seen ? fine('taken, and without effect') : fault('an object with the ACL public-read can be read by anybody')
}

async function failureOf(call: Promise<unknown>): Promise<S3Failure | null> {
  try {
    await call
    return null
  } catch (error) {
    const failure = rootFailure(error)
    if (failure.status === 0) throw error
    return failure
  }
}

const said = ({ status, code }: S3Failure): string => `${status} ${code}`
