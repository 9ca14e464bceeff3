import { Readable } from 'node:stream'
import type { ReadableStream } from 'node:stream/web'
import { appError } from '@darkroom/contracts'

// The format is age (https://age-encryption.org/v1): authenticated, streamed, and what the programs `age` and `rage` decrypt without Darkroom.

export interface KeyPair {
  /** Decrypts; belongs where no server can read it. */
  identity: string
  /** Encrypts; may be known to anybody. */
  recipient: string
}

/** Creates a new pair of keys. */
export async function generateKeyPair(): Promise<KeyPair> {
  const { generateX25519Identity, identityToRecipient } = await import('age-encryption')
  const identity = await generateX25519Identity()
  return { identity, recipient: await identityToRecipient(identity) }
}

/** Encrypts a stream for each of the recipients. */
export async function encryptStream(body: Readable, recipients: readonly string[]): Promise<Readable> {
  const { Encrypter } = await import('age-encryption')
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  return fromWeb(await encrypter.encrypt(toWeb(body)))
}

/**
 * Decrypts a stream.
 * @throws BACKUP_UNREADABLE, also while it is read: with another identity, and for bytes that were changed or cut off
 */
export async function decryptStream(body: Readable, identity: string): Promise<Readable> {
  const { Decrypter } = await import('age-encryption')
  try {
    const decrypter = new Decrypter()
    decrypter.addIdentity(identity.trim())
    const decrypted = fromWeb(await decrypter.decrypt(toWeb(body)))
    return Readable.from(unreadableAsAppError(decrypted), { objectMode: false })
  } catch (cause) {
    body.destroy()
    throw unreadable(cause)
  }
}

async function* unreadableAsAppError(body: Readable): AsyncGenerator<Uint8Array> {
  try {
    yield* body
  } catch (cause) {
    throw unreadable(cause)
  }
}

function unreadable(cause: unknown) {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return appError('BACKUP_UNREADABLE', `The backup could not be decrypted: ${reason}.`, { cause })
}

const toWeb = (body: Readable) => Readable.toWeb(body) as globalThis.ReadableStream<Uint8Array>
const fromWeb = (body: globalThis.ReadableStream<Uint8Array>) => Readable.fromWeb(body as ReadableStream<Uint8Array>)
