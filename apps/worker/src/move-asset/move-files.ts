import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { appError, isIndexType, MAX_INDEX_BYTES } from '@darkroom/contracts'
import type { MovedFile, PlannedMove } from '@darkroom/db'
import { isCopyUnsupported, type Pin, pointTo } from '@darkroom/storage'
import type { WorkerDeps } from '../deps.ts'
import type { Run } from '../handlers/handler.ts'
import { publishedAs } from '../process-asset/published-as.ts'

type MoveDeps = Pick<WorkerDeps, 'store'>

/** Copies files inside the store, one after the other; texts that name others of them name their copies then. */
export async function moveFiles(deps: MoveDeps, run: Run, planned: PlannedMove[]): Promise<MovedFile[]> {
  const newNames = new Map(planned.map(({ from, to }) => [basename(from.key), basename(to.key)]))
  const moved: MovedFile[] = []
  for (const move of planned) {
    const { name, from, to } = move
    const isIndex = isIndexType(from.contentType)
    const written = isIndex ? await rewrite(deps, run, move, newNames) : await copy(deps, run, move)
    moved.push({ name, fromId: from.id, toId: to.id, ...written })
  }
  return moved
}

type Written = Pin & Pick<MovedFile, 'byteSize' | 'sha256'>

const target = ({ from, to }: PlannedMove) => ({
  bucket: to.bucket,
  key: to.key,
  ...publishedAs(from.contentType ?? 'application/octet-stream', { isPrivate: true }),
})

async function copy({ store }: MoveDeps, { workDir, signal }: Run, move: PlannedMove): Promise<Written> {
  const { from, name } = move
  const { bucket, key, versionId, sha256 } = from
  const [etag, byteSize] = [from.etag ?? '', from.bytes ?? 0]
  const { contentType, cacheControl, ...to } = target(move)
  const source = { bucket, key, versionId, etag, byteSize }
  try {
    return { ...(await store.copy({ from: source, to, contentType, cacheControl }, { signal })), byteSize, sha256 }
  } catch (error) {
    if (!isCopyUnsupported(error)) throw error
    const file = join(workDir, name)
    await pipeline((await store.get(source, { signal })).body, createWriteStream(file), { signal })
    const pin = await store.put({ ...target(move), body: { file }, byteSize }, { signal })
    await rm(file)
    return { ...pin, byteSize, sha256 }
  }
}

async function rewrite(
  { store }: MoveDeps,
  { signal }: Run,
  move: PlannedMove,
  newNames: ReadonlyMap<string, string>,
): Promise<Written> {
  const { bucket, key, versionId, bytes } = move.from
  if ((bytes ?? 0) > MAX_INDEX_BYTES) throw appError('OUTPUT_TOO_LARGE', `${move.name} has ${bytes} bytes.`)
  const before = await text((await store.get({ bucket, key, versionId }, { signal })).body)
  const body = Buffer.from(pointTo(before, newNames))
  const sha256 = createHash('sha256').update(body).digest('hex')
  const pin = await store.put({ ...target(move), body, byteSize: body.length, sha256 }, { signal })
  return { ...pin, byteSize: body.length, sha256 }
}
