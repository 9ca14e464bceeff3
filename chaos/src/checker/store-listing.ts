import { createHash, createHmac } from 'node:crypto'
import { STORE } from '../deployment/settings.ts'

/** One version of an object, as the store lists it. */
export interface StoredVersion {
  bucket: string
  key: string
  versionId: string
  isDeleteMarker: boolean
}

export interface OpenMultipart {
  bucket: string
  key: string
  uploadId: string
}

const sha256 = (data: string) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()

/**
 * Sends a GET with signature V4. It is written again on purpose: the checker uses no code of the system that it checks.
 */
async function signedGet(endpoint: string, path: string, query: Record<string, string>): Promise<string> {
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
  const day = time.slice(0, 8)
  const headers = { host: new URL(endpoint).host, 'x-amz-content-sha256': sha256(''), 'x-amz-date': time }
  const names = Object.keys(headers).join(';')
  const canonicalQuery = Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&')
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
  const canonical = ['GET', path, canonicalQuery, lines.join(''), names, headers['x-amz-content-sha256']].join('\n')
  const scope = `${day}/${STORE.region}/s3/aws4_request`
  const key = [STORE.region, 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${STORE.applicationKey}`, day))
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex')
  const credential = `${STORE.keyId}/${scope}`
  const response = await fetch(`${endpoint}${path}?${canonicalQuery}`, {
    headers: {
      'x-amz-content-sha256': headers['x-amz-content-sha256'],
      'x-amz-date': time,
      authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
    },
  })
  const xml = await response.text()
  if (!response.ok) throw new Error(`listing ${path} answered ${response.status}: ${xml}`)
  return xml
}

const field = (xml: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? ''

/** Lists every version and delete marker of a bucket. */
export async function listVersions(endpoint: string, bucket: string): Promise<StoredVersion[]> {
  const found: StoredVersion[] = []
  let marker: Record<string, string> = {}
  for (;;) {
    const xml = await signedGet(endpoint, `/${bucket}`, { versions: '', ...marker })
    for (const [, kind, entry = ''] of xml.matchAll(/<(Version|DeleteMarker)>(.*?)<\/\1>/gs)) {
      const isDeleteMarker = kind === 'DeleteMarker'
      found.push({ bucket, key: field(entry, 'Key'), versionId: field(entry, 'VersionId'), isDeleteMarker })
    }
    if (field(xml, 'IsTruncated') !== 'true') return found
    marker = { 'key-marker': field(xml, 'NextKeyMarker'), 'version-id-marker': field(xml, 'NextVersionIdMarker') }
  }
}

/** Lists the multipart uploads that were begun and neither completed nor aborted. */
export async function listMultiparts(endpoint: string, bucket: string): Promise<OpenMultipart[]> {
  const xml = await signedGet(endpoint, `/${bucket}`, { uploads: '' })
  if (field(xml, 'IsTruncated') === 'true') throw new Error(`${bucket} has more than a page of multipart uploads`)
  return [...xml.matchAll(/<Upload>(.*?)<\/Upload>/gs)].map(([, entry = '']) => ({
    bucket,
    key: field(entry, 'Key'),
    uploadId: field(entry, 'UploadId'),
  }))
}
