import type { Darkroom } from '../darkroom.ts'
import { newId } from '../new-id.ts'
import type { UploadOptions } from '../upload/upload-types.ts'
import { resourcesOf } from './client-resources.ts'
import { createTurns } from './turns.ts'
import { createUploadTask, type UploadItem, type UploadState, type UploadTask } from './upload-task.ts'

const DONE = new Set(['ready', 'cancelled'])

/** Creates the uploads of one component, so many files at once. */
export function createUploadList(filesAtOnce: number) {
  const inTurn = createTurns(filesAtOnce)
  const listeners = new Set<() => void>()
  const tasks = new Map<string, UploadTask>()
  let items: readonly UploadItem[] = []

  function set(next: readonly UploadItem[]): void {
    items = next
    for (const listener of listeners) listener()
  }

  function drop(keys: ReadonlySet<string>): void {
    for (const key of keys) tasks.delete(key)
    set(items.filter(({ key }) => !keys.has(key)))
  }

  function createItem(client: Darkroom, file: Blob, options: UploadOptions): UploadItem {
    const key = newId()
    const onChange = (state: UploadState) => set(items.map(item => (item.key === key ? { ...item, ...state } : item)))
    const onToken = (assetId: string, token: string) => void resourcesOf(client).tokens.set(assetId, token)
    const task = createUploadTask({ client, file, options, inTurn, onChange, onToken })
    tasks.set(key, task)
    const { pause, resume, cancel, retry } = task
    function remove(): void {
      cancel()
      task.suspend()
      drop(new Set([key]))
    }
    return { ...task.initial, key, file, pause, resume, cancel, retry, remove }
  }

  return {
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    snapshot: () => items,
    /** Starts uploads, and returns their keys. */
    add(client: Darkroom, files: readonly Blob[], options: UploadOptions): string[] {
      const added = files.map(file => createItem(client, file, options))
      set([...items, ...added])
      for (const { key } of added) void tasks.get(key)?.run()
      return added.map(({ key }) => key)
    },
    /** Takes those off the list that are ready or cancelled. */
    clear: () => drop(new Set(items.filter(({ status }) => DONE.has(status)).map(({ key }) => key))),
    suspend(): void {
      for (const task of tasks.values()) task.suspend()
    },
    wake(): void {
      for (const task of tasks.values()) task.wake()
    },
  }
}
