// The class without its wrapper, which checks options and is half a kilobyte of what a browser loads.
import { _SHA256 as NobleSha256 } from '@noble/hashes/sha2.js'

/** A SHA-256 that takes the bytes piece by piece. */
export interface Sha256 {
  update(bytes: Uint8Array): void | Promise<void>
  /** In hexadecimal digits. */
  digest(): string
}

export const hex = (bytes: Uint8Array): string => [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')

/** A script that hashes longer than this at a time makes a page stutter. */
const AT_ONCE_BYTES = 1024 * 1024

/** Creates a SHA-256 in JavaScript, because that of browsers wants all bytes at once. It lets a page breathe in between. */
export function createScriptSha256(): Sha256 {
  const hash = new NobleSha256()
  return {
    async update(bytes) {
      for (let at = 0; at < bytes.length; at += AT_ONCE_BYTES) {
        hash.update(bytes.subarray(at, at + AT_ONCE_BYTES))
        if (bytes.length > AT_ONCE_BYTES) await nextTask()
      }
    },
    digest: () => hex(hash.digest()),
  }
}

const nextTask = () =>
  new Promise<void>(resolve => {
    const { port1, port2 } = new MessageChannel()
    port1.onmessage = () => {
      port1.close()
      resolve()
    }
    port2.postMessage(null)
  })
