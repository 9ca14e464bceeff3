import { errorEntry } from '@darkroom/contracts'
import { at, type Rule } from './why.ts'

export const expired: Rule = ({ asset, upload }) => {
  if (asset.status !== 'expired') return null
  const until = upload ? ` until ${at(upload.expiresAt)}` : ' in time'
  return {
    blockedBy: `The upload was not confirmed${until}, so it expired.`,
    nextAction: `The client starts a new upload. ${errorEntry('UPLOAD_EXPIRED').admin}`,
  }
}

/** An upload of which the client has still something to do, or we. */
export const awaitingUpload: Rule = ({ asset, upload, now }) => {
  if (asset.status !== 'awaiting_upload' || !upload) return null
  const { expiresAt, bytesSeenAt, nextCheckAt, presignExpiresAt } = upload
  if (expiresAt <= now) {
    return {
      blockedBy: `The upload was not confirmed until ${at(expiresAt)}.`,
      nextAction: 'Nothing to do: within seconds maintenance, which a worker runs, marks it expired.',
    }
  }
  if (bytesSeenAt) {
    return {
      blockedBy: `The bytes are there since ${at(bytesSeenAt)}, but the client has not confirmed them.`,
      nextAction: `Nothing to do: the sweeper looks at ${at(nextCheckAt)} and confirms in the client's place.`,
    }
  }
  const url =
    presignExpiresAt <= now ? ` The last URL ended at ${at(presignExpiresAt)}, so the client has to renew.` : ''
  return {
    blockedBy: `Waiting for the client's bytes until ${at(expiresAt)}.`,
    nextAction: `The client puts the bytes and confirms.${url} The sweeper looks for them at ${at(nextCheckAt)}.`,
  }
}
