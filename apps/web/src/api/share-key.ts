import { LOCAL_KEY } from '@darkroom/contracts/local-key'
import type { KeyStore } from './key-store.ts'

/** The part of a `BroadcastChannel` that is used: it reaches the other open tabs of the same origin, and nobody else. */
export interface KeyChannel {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void
}

/**
 * Lets a tab that opens without a key have that of another open tab. The key stays where it was, in the memory of tabs: it is
 * written nowhere else, and gone with the last of them. A tab whose key was taken away does not ask again.
 */
export function shareKey(keys: KeyStore, channel: KeyChannel): void {
  let isAsking = keys.get().key === null
  keys.subscribe(() => {
    isAsking = false
  })
  channel.addEventListener('message', ({ data }) => {
    const { key } = keys.get()
    const isShared = key !== null && key !== LOCAL_KEY
    if (data === ASK && isShared) channel.postMessage({ key })
    const told = keyIn(data)
    if (isAsking && told !== null) keys.enter(told)
  })
  if (isAsking) channel.postMessage(ASK)
}

const ASK = 'which key?'

const keyIn = (data: unknown): string | null =>
  typeof data === 'object' && data !== null && 'key' in data && typeof data.key === 'string' ? data.key : null
