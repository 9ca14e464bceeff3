import { nextItem, type UploadEvent, type UploadItem } from './upload-item.ts'

/** The files of this session, newest batch first. */
export type UploadStore = ReturnType<typeof createUploadStore>

export function createUploadStore() {
  let items: readonly UploadItem[] = []
  const listeners = new Set<() => void>()

  function replace(next: readonly UploadItem[]): void {
    items = next
    for (const listener of listeners) listener()
  }

  return {
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    all: () => items,
    get: (id: string) => items.find(item => item.id === id),
    add: (added: readonly UploadItem[]) => replace([...added, ...items]),
    remove: (ids: readonly string[]) => replace(items.filter(item => !ids.includes(item.id))),
    apply: (id: string, event: UploadEvent) =>
      replace(items.map(item => (item.id === id ? nextItem(item, event) : item))),
  }
}
