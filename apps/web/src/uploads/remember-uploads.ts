import type { KeyStore } from '../api/key-store.ts'
import { advise } from './advice.ts'
import { fingerprintOf } from './file-identity.ts'
import type { UploadItem } from './upload-item.ts'
import { keyIdOf, type RememberedUpload, type UploadMemory } from './upload-memory.ts'
import type { UploadStore } from './upload-store.ts'

interface RememberDeps {
  uploads: UploadStore
  keys: Pick<KeyStore, 'get'>
  memory: Pick<UploadMemory, 'remember' | 'forget'>
}

type OpenItem = UploadItem & { uploadId: string; assetId: string }

/** Remembers each upload from when the service knows it until it is confirmed, given up or taken back. */
export function rememberUploads({ uploads, keys, memory }: RememberDeps): void {
  let open: ReadonlyMap<string, OpenItem> = new Map()

  uploads.subscribe(() => {
    const before = open
    open = new Map(uploads.all().flatMap(item => (isOpen(item) ? [[item.uploadId, item] as const] : [])))
    for (const uploadId of before.keys()) if (!open.has(uploadId)) memory.forget(uploadId)
    for (const [uploadId, item] of open) if (before.get(uploadId)?.file !== item.file) void remember(item)
  })

  async function remember({ file, ...item }: OpenItem): Promise<void> {
    const { key } = keys.get()
    // Without a file it is one that was remembered before.
    if (!file || key === null) return
    const upload = recordOf(item, file.lastModified, keyIdOf(key))
    memory.remember(upload)
    const fingerprint = await fingerprintOf(file).catch(() => null)
    if (open.get(item.uploadId)?.file === file) memory.remember({ ...upload, fingerprint })
  }
}

/** Tells whether the service waits for the bytes of an item. */
const isOpen = (item: UploadItem): item is OpenItem =>
  item.uploadId !== null && item.phase !== 'following' && !(item.failure && advise(item.failure).redo === 'restart')

const recordOf = (
  { uploadId, assetId, contentType, expiresAt, name, byteSize }: Omit<OpenItem, 'file'>,
  lastModified: number,
  keyId: string,
): RememberedUpload => ({
  uploadId,
  assetId,
  keyId,
  contentType,
  expiresAt,
  name,
  byteSize,
  lastModified,
  fingerprint: null,
})
