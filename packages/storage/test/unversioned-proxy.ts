import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { CopyObjectCommand } from '@aws-sdk/client-s3'
import { createS3Client } from '../src/s3-client.ts'
import { resolveS3StoreConfig } from '../src/s3-store-config.ts'
import { storeConfig } from './local-store.ts'

export interface UnversionedProxy {
  url: string
  close(): Promise<void>
}

/**
 * Starts a proxy that makes a local B2 look like a store without versions: no version header, no ListObjectVersions, no
 * reading by version. With `ignoresCopyCondition` it also copies whatever is there, as Ceph does.
 */
export async function startUnversionedProxy(
  upstreamUrl: string,
  { ignoresCopyCondition = false }: { ignoresCopyCondition?: boolean } = {},
): Promise<UnversionedProxy> {
  const upstream = new URL(upstreamUrl)
  const client = createS3Client(resolveS3StoreConfig(storeConfig(upstreamUrl)))

  function refuse(response: ServerResponse, status: number, code: string) {
    response.writeHead(status, { 'content-type': 'application/xml' })
    response.end(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`)
  }

  function forward(incoming: IncomingMessage, response: ServerResponse) {
    const { method, url: path, headers } = incoming
    const { hostname: host, port } = upstream
    const outgoing = request({ host, port, method, path, headers }, answer => {
      const kept = Object.entries(answer.headers).filter(([name]) => !/^x-amz-(version-id|delete-marker)$/.test(name))
      response.writeHead(answer.statusCode ?? 502, Object.fromEntries(kept))
      answer.pipe(response)
      answer.on('error', () => response.destroy())
    })
    outgoing.on('error', () => response.destroy())
    incoming.pipe(outgoing)
  }

  async function copyAnyhow(incoming: IncomingMessage, response: ServerResponse) {
    await text(incoming)
    const [, Bucket = '', ...key] = new URL(incoming.url ?? '', upstream).pathname.split('/').map(decodeURIComponent)
    const command = new CopyObjectCommand({
      Bucket,
      Key: key.join('/'),
      CopySource: String(incoming.headers['x-amz-copy-source']),
      ContentType: incoming.headers['content-type'],
      MetadataDirective: 'REPLACE',
    })
    const { CopyObjectResult } = await client.send(command)
    const etag = CopyObjectResult?.ETag?.replaceAll('"', '&quot;')
    response.writeHead(200, { 'content-type': 'application/xml' })
    response.end(`<?xml version="1.0"?><CopyObjectResult><ETag>${etag}</ETag></CopyObjectResult>`)
  }

  const server = createServer((incoming, response) => {
    const query = new URL(incoming.url ?? '', upstream).searchParams
    if (query.has('versions')) refuse(response, 501, 'NotImplemented')
    else if (query.has('versionId')) refuse(response, 404, 'NoSuchVersion')
    else if (ignoresCopyCondition && incoming.headers['x-amz-copy-source']) {
      copyAnyhow(incoming, response).catch(() => refuse(response, 500, 'InternalError'))
    } else forward(incoming, response)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      client.destroy()
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
