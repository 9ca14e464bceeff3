import type { Gate } from '../api/gate.ts'
import type { KeyStore } from '../api/key-store.ts'
import type { AssetStore } from '../assets/asset-store.ts'
import { newItem } from './new-items.ts'
import type { UploadEngine } from './upload-engine.ts'
import { isUnderWay, type UploadItem } from './upload-item.ts'
import type { UploadStore } from './upload-store.ts'

interface FollowKeyDeps {
  keys: KeyStore
  gate: Gate
  engine: UploadEngine
  uploads: UploadStore
  assets: AssetStore
  newId: () => string
}

/**
 * Shows to a key what is its own only. Once a key is forgotten, nothing of it stays. When it was refused and another takes
 * its place, files that did not get through begin anew under that one: it may belong to another project.
 */
export function followKey({ keys, gate, engine, uploads, assets, newId }: FollowKeyDeps): void {
  let owner = keys.get().key

  function clear(): void {
    engine.clear()
    assets.clear()
  }

  function onKey(): void {
    const { key, refused } = keys.get()
    if (key === null) {
      gate.set('keyless', true)
      if (refused) return
      clear()
      owner = null
      return
    }
    const unfinished = owner === null || key === owner ? [] : uploads.all().flatMap(unfinishedFile)
    if (owner !== null && key !== owner) clear()
    owner = key
    gate.set('keyless', false)
    if (unfinished.length > 0) engine.add(unfinished.map(file => newItem(file, null, newId, file.options)))
  }

  gate.set('keyless', owner === null)
  keys.subscribe(onKey)
}

function unfinishedFile(item: UploadItem): Pick<UploadItem & { file: File }, 'file' | 'contentType' | 'options'>[] {
  const { file, contentType, options, failure } = item
  return file && (isUnderWay(item) || failure?.code === 'UNAUTHORIZED') ? [{ file, contentType, options }] : []
}
