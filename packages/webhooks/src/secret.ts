import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { appError } from '@darkroom/contracts'

const SECRET_BYTES = 32
const CIPHER = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
const VERSION = 'v1'

interface Keeping {
  /** A sealed secret opens for the endpoint that it was sealed for, and for no other row it is copied to. */
  endpointId: string
  /** `DARKROOM_SECRET`. */
  key: string
}

/** Creates a secret as Standard Webhooks has it: `whsec_` and 32 random bytes in base64. Shown once. */
export const newSecret = (): string => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`

const keyOf = (key: string): Buffer => Buffer.from(hkdfSync('sha256', key, '', 'darkroom webhook secrets', 32))

/** Returns the secret as it is kept: it has to sign again, so it is encrypted and not hashed. */
export function sealSecret(secret: string, { endpointId, key }: Keeping): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, keyOf(key), nonce).setAAD(Buffer.from(endpointId))
  const sealed = Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()])
  return `${VERSION}.${sealed.toString('base64url')}`
}

/** @throws WEBHOOK_SECRET_UNREADABLE when it was sealed with another key, for another endpoint, or changed */
export function openSecret(kept: string, { endpointId, key }: Keeping): string {
  try {
    const [version, text = ''] = kept.split('.')
    if (version !== VERSION) throw new Error(`sealed as ${version}`)
    const sealed = Buffer.from(text, 'base64url')
    const decipher = createDecipheriv(CIPHER, keyOf(key), sealed.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
    decipher.setAAD(Buffer.from(endpointId)).setAuthTag(sealed.subarray(-TAG_BYTES))
    return decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
  } catch (error) {
    throw appError('WEBHOOK_SECRET_UNREADABLE', undefined, { cause: error })
  }
}
