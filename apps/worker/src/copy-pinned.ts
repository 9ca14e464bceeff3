import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { type CopyInput, isCopyUnsupported, type ObjectStore, type Pin } from '@darkroom/storage'

/** Copies the pinned bytes inside the store or, where it cannot promise which, through `file`, which is gone afterwards. */
export async function copyPinned(
  store: ObjectStore,
  { byteSize, ...input }: CopyInput & { byteSize: number },
  { file, signal }: { file: string; signal: AbortSignal },
): Promise<Pin> {
  const { to, from, ...headers } = input
  try {
    return await store.copy({ ...input, from: { ...from, byteSize } }, { signal })
  } catch (error) {
    if (!isCopyUnsupported(error)) throw error
  }
  try {
    const { body } = await store.get(from, { signal })
    await pipeline(body, createWriteStream(file, { mode: 0o600 }), { signal })
    return await store.put({ ...to, ...headers, body: { file }, byteSize }, { signal })
  } finally {
    await rm(file, { force: true })
  }
}
