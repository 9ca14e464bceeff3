import { createHash, createHmac } from 'node:crypto'

// Signature version 4 in its plainest form, so that these tests need no SDK to look into the store.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html

export interface Store {
  endpoint: string
  region: string
  keyId: string
  applicationKey: string
}

export interface StoredVersion {
  key: string
  size: number
}

/** Returns the embedded store of `darkroom start` on this port. */
export const embeddedStore = (port: number): Store => ({
  endpoint: `http://127.0.0.1:${port}`,
  region: 'local-000',
  keyId: 'localkey',
  applicationKey: 'localsecret',
})

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex')
const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest()

async function signedFetch(
  store: Store,
  method: string,
  path: string,
  { query = {}, body = new Uint8Array() }: { query?: Record<string, string>; body?: Uint8Array<ArrayBuffer> } = {},
): Promise<Response> {
  const { host } = new URL(store.endpoint)
  const time = new Date().toISOString().replaceAll(/[-:]|\.\d{3}/g, '')
  const day = time.slice(0, 8)
  const headers = { host, 'x-amz-content-sha256': sha256(body), 'x-amz-date': time }
  const names = Object.keys(headers).join(';')
  const canonicalQuery = Object.entries(query)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&')
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`)
  const canonical = [method, path, canonicalQuery, lines.join(''), names, headers['x-amz-content-sha256']].join('\n')
  const scope = `${day}/${store.region}/s3/aws4_request`
  const key = [store.region, 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${store.applicationKey}`, day))
  const signature = hmac(key, ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n')).toString('hex')
  const { host: _, ...sent } = headers
  return fetch(`${store.endpoint}${path}${canonicalQuery && `?${canonicalQuery}`}`, {
    method,
    headers: {
      ...sent,
      authorization: `AWS4-HMAC-SHA256 Credential=${store.keyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
    },
    ...(method === 'PUT' && { body }),
  })
}

const tag = (xml: string, name: string) => new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? ''

/** Lists every version of every object, a thousand at most, without delete markers. */
export async function storedVersions(store: Store, bucket: string, prefix = ''): Promise<StoredVersion[]> {
  const response = await signedFetch(store, 'GET', `/${bucket}`, { query: { versions: '', prefix } })
  const xml = await response.text()
  if (!response.ok) throw new Error(`listing ${bucket} answered ${response.status}: ${xml}`)
  if (tag(xml, 'IsTruncated') !== 'false') throw new Error(`${bucket} holds more than one page of versions`)
  return xml
    .split('<Version>')
    .slice(1)
    .map(part => ({ key: tag(part, 'Key'), size: Number(tag(part, 'Size')) }))
}

/** Writes past the API, as somebody who holds the store's key could. */
export async function putPastApi(store: Store, path: string, body: Uint8Array<ArrayBuffer>): Promise<void> {
  const response = await signedFetch(store, 'PUT', path, { body })
  if (!response.ok) throw new Error(`PUT ${path} answered ${response.status}: ${await response.text()}`)
}

/** Counts the multipart uploads that are open for keys with this beginning. */
export async function openMultiparts(store: Store, bucket: string, prefix: string): Promise<number> {
  const response = await signedFetch(store, 'GET', `/${bucket}`, { query: { uploads: '', prefix } })
  const xml = await response.text()
  if (!response.ok) throw new Error(`listing uploads of ${bucket} answered ${response.status}: ${xml}`)
  return xml.split('<Upload>').length - 1
}
