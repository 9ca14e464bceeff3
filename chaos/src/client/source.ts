import { createServer } from 'node:http'
import { freePort } from '@darkroom/testing'
import type { Photo } from './photo.ts'

/** Somebody's server that has photos. */
export interface Source {
  /** Where a photo is from now on. */
  publish(photo: Photo): string
  stop(): Promise<void>
}

const LOCALHOST = '127.0.0.1'

export async function startSource(): Promise<Source> {
  const port = await freePort()
  const photos = new Map<string, Photo>()
  const server = createServer(({ url = '' }, response) => {
    const photo = photos.get(url)
    if (photo) response.writeHead(200, { 'content-type': photo.contentType }).end(photo.bytes)
    else response.writeHead(404).end()
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, LOCALHOST, () => resolve())
  })
  return {
    publish(photo) {
      const path = `/${photo.sha256}.jpg`
      photos.set(path, photo)
      return `http://${LOCALHOST}:${port}${path}`
    },
    async stop() {
      const closed = new Promise(resolve => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
