import type { CallOptions } from '../calls/call-options.ts'
import type { uploadCalls } from '../calls/uploads.ts'
import { isPassing } from '../transport.ts'
import type { PartsSigned, UploadConfirmed, UploadInstructions, UploadState } from '../types.ts'
import type { Persistence } from './persistence.ts'

/** A client token is good for an hour. */
const RENEW_TOKEN_MS = 1_800_000

interface AccessDeps {
  calls: ReturnType<typeof uploadCalls>
  persist: Persistence
  signal: AbortSignal
  /** Null where a key does what is needed. */
  token: string | null
  onToken: (token: string) => Promise<void>
}

/** The calls about one upload, by its client token or the key, repeated until they get through. */
export type UploadAccess = ReturnType<typeof createAccess>

export function createAccess(uploadId: string, { calls, persist, signal, token, onToken }: AccessDeps) {
  let issuedAt = Date.now()
  const options = (): CallOptions => ({ signal, ...(token && { token }) })
  const call = <T>(request: (options: CallOptions) => Promise<T>) => persist(() => request(options()), isPassing)

  async function renew(): Promise<UploadInstructions> {
    const { upload, clientToken } = await call(options => calls.renew(uploadId, options))
    if (token !== null) {
      token = clientToken
      issuedAt = Date.now()
      await onToken(clientToken)
    }
    return upload
  }

  return {
    token: () => token,
    renew,
    state: (): Promise<UploadState> => call(options => calls.get(uploadId, options)),
    async sign(partNumbers: number[]): Promise<PartsSigned> {
      if (token !== null && Date.now() - issuedAt > RENEW_TOKEN_MS) await renew()
      return call(options => calls.signParts(uploadId, partNumbers, options))
    },
    async confirm(): Promise<UploadConfirmed> {
      if (token !== null && Date.now() - issuedAt > RENEW_TOKEN_MS) await renew()
      return call(options => calls.confirm(uploadId, {}, options))
    },
  }
}
