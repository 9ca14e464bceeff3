import { useCallback, useEffect, useState, useSyncExternalStore } from 'react'
import type { UploadOptions } from '../upload/upload-types.ts'
import { useDarkroom } from './provider.tsx'
import { createUploadList } from './upload-list.ts'
import type { UploadItem } from './upload-task.ts'

export type UploadDetails = Omit<UploadOptions, 'signal' | 'onProgress'>

export interface UseUploadOptions extends UploadDetails {
  /** How many files go up at once; the others are queued. Default: 3. Read at the first render. */
  filesAtOnce?: number | undefined
}

export interface UseUpload {
  /** In the order in which they were added. */
  uploads: readonly UploadItem[]
  /** Starts to upload; returns the `key` of each. `details` go before those of the hook. */
  upload: (files: Blob | Iterable<Blob>, details?: UploadDetails) => string[]
  /** Takes those off the list that are ready or cancelled. */
  clear: () => void
  /** Of all that were not cancelled, from 0 to 1. */
  progress: number
  /** Until all bytes have left; null where nothing can be said. */
  secondsLeft: number | null
}

const NONE: readonly UploadItem[] = []

/**
 * Uploads files and follows them until they are ready. When the component goes, uploads stop; the same file goes on
 * where it was when it is uploaded again.
 */
export function useUpload({ filesAtOnce = 3, ...details }: UseUploadOptions = {}): UseUpload {
  const client = useDarkroom()
  const [list] = useState(() => createUploadList(filesAtOnce))
  const uploads = useSyncExternalStore(list.subscribe, list.snapshot, () => NONE)

  // React takes effects back and makes them again where it hides and shows a component, and once in strict mode.
  useEffect(() => {
    list.wake()
    return list.suspend
  }, [list])

  const upload = (files: Blob | Iterable<Blob>, more: UploadDetails = {}) =>
    list.add(client, files instanceof Blob ? [files] : [...files], { ...details, ...more })

  return { uploads, upload: useLatest(upload), clear: list.clear, ...totalsOf(uploads) }
}

/** Returns a function that stays the same and calls the one of the last render. */
function useLatest<Arguments extends unknown[], Result>(callback: (...given: Arguments) => Result) {
  const [latest] = useState({ callback })
  useEffect(() => {
    latest.callback = callback
  })
  return useCallback((...given: Arguments) => latest.callback(...given), [latest])
}

function totalsOf(uploads: readonly UploadItem[]): Pick<UseUpload, 'progress' | 'secondsLeft'> {
  const counted = uploads.filter(({ status }) => status !== 'cancelled')
  const sum = (of: (item: UploadItem) => number) => counted.reduce((total, item) => total + of(item), 0)
  const totalBytes = sum(item => item.totalBytes)
  const bytesLeft = sum(item => item.totalBytes * (1 - item.progress))
  const bytesPerSecond = sum(item => item.bytesPerSecond ?? 0)
  return {
    progress: totalBytes > 0 ? 1 - bytesLeft / totalBytes : 0,
    secondsLeft: bytesPerSecond > 0 ? bytesLeft / bytesPerSecond : null,
  }
}
