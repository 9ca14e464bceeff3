import type { UploadEngine } from './upload-engine.ts'
import type { UploadItem } from './upload-item.ts'
import type { UploadStore } from './upload-store.ts'

interface TakeDeps {
  uploads: Pick<UploadStore, 'all'>
  engine: Pick<UploadEngine, 'add' | 'continueWith'>
}

/** Makes the function that begins uploads; a file whose upload was interrupted goes on with that one. */
export function createTakeFiles({ uploads, engine }: TakeDeps) {
  const alike = ({ name, byteSize }: UploadItem) =>
    uploads.all().filter(item => item.phase === 'interrupted' && item.name === name && item.byteSize === byteSize)

  async function continueOrAdd(item: UploadItem, file: File): Promise<void> {
    for (const { id } of alike(item)) if (await engine.continueWith(id, file)) return
    engine.add([item])
  }

  return (items: readonly UploadItem[]): void => {
    const fresh: UploadItem[] = []
    for (const item of items) {
      if (item.file && item.phase === 'waiting' && alike(item).length > 0) void continueOrAdd(item, item.file)
      else fresh.push(item)
    }
    if (fresh.length > 0) engine.add(fresh)
  }
}
