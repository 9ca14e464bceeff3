import { randomBytes } from 'node:crypto'
import { type ApplicationKey, CAPABILITIES, type KeyRing } from '../auth/application-key.ts'
import { equalSignatures } from '../auth/signature.ts'
import { maxSinglePutBytes, minPartBytes } from '../limits.ts'
import type { Store } from '../store/store.ts'
import { ACCOUNT_ID } from './native-call.ts'
import { NativeError } from './native-error.ts'

/** A token is good for at most 24 hours. https://www.backblaze.com/apidocs/b2-authorize-account */
const TOKEN_MS = 24 * 60 * 60 * 1000
const RECOMMENDED_PART_BYTES = 100_000_000

/** Gives out tokens for keys, and takes them again. They end with the process. */
export function createNativeSessions({ keys, store }: { keys: KeyRing; store: Store }) {
  const sessions = new Map<string, { keyId: string; endsAt: number }>()

  return {
    /** Answers b2_authorize_account. */
    authorize(header: string | undefined, url: string) {
      const [keyId = '', secret = ''] = decodeBasic(header)
      const key = keys.find(keyId)
      if (!key || !equalSignatures(secret, key.applicationKey))
        throw new NativeError(401, 'bad_auth_token', 'invalid credentials')
      const authorizationToken = `4_${randomBytes(32).toString('base64url')}`
      for (const [token, { endsAt }] of sessions) if (endsAt < Date.now()) sessions.delete(token)
      sessions.set(authorizationToken, { keyId, endsAt: Date.now() + TOKEN_MS })
      return {
        accountId: ACCOUNT_ID,
        authorizationToken,
        applicationKeyExpirationTimestamp: key.expiresAt ?? null,
        apiInfo: { storageApi: describeApi(key, store, url) },
      }
    },
    /** Returns the key of a token. */
    keyOf(token: string | undefined): ApplicationKey {
      const session = sessions.get(token ?? '')
      const key = session && keys.find(session.keyId)
      if (!session || !key) throw new NativeError(401, 'bad_auth_token', 'Invalid authorization token')
      if (session.endsAt < Date.now())
        throw new NativeError(401, 'expired_auth_token', 'Authorization token has expired')
      return key
    },
  }
}

function decodeBasic(header = ''): [keyId: string, secret: string] | [] {
  const text = Buffer.from(/^Basic (.+)$/i.exec(header)?.[1] ?? '', 'base64').toString()
  const at = text.indexOf(':')
  return at === -1 ? [] : [text.slice(0, at), text.slice(at + 1)]
}

function describeApi(key: ApplicationKey, store: Store, url: string) {
  return {
    absoluteMinimumPartSize: minPartBytes,
    recommendedPartSize: Math.min(RECOMMENDED_PART_BYTES, maxSinglePutBytes),
    apiUrl: url,
    downloadUrl: url,
    s3ApiUrl: url,
    allowed: {
      capabilities: key.capabilities ?? CAPABILITIES,
      buckets: key.buckets?.map(name => ({ id: store.buckets.find(name)?.b2_id ?? '', name })) ?? null,
      namePrefix: null,
    },
  }
}
