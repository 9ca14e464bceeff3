import { errorEntry } from '@darkroom/contracts'
import { at, type Rule } from './why.ts'

export const expired: Rule = ({ asset, upload }) => {
  if (asset.status !== 'expired') return null
  const until = upload ? ` until ${at(upload.expiresAt)}` : ' in time'
  return {
    blockedBy: `The upload was not confirmed${until}, so it expired.`,
    nextAction: `The client has to start a new upload. ${errorEntry('UPLOAD_EXPIRED').admin}`,
  }
}

/** Explains an upload for which the client, or the service, still has something to do. */
export const awaitingUpload: Rule = ({ asset, upload, now }) => {
  if (asset.status !== 'awaiting_upload' || !upload) return null
  const { expiresAt, bytesSeenAt, nextCheckAt, presignExpiresAt } = upload
  if (expiresAt <= now) {
    return {
      blockedBy: `The upload was not confirmed before ${at(expiresAt)}.`,
      nextAction: 'Nothing to do. The maintenance of a worker marks it as expired within seconds.',
    }
  }
  if (bytesSeenAt) {
    return {
      blockedBy: `The bytes arrived at ${at(bytesSeenAt)}, but the client has not confirmed the upload.`,
      nextAction: `Nothing to do. The sweeper checks at ${at(nextCheckAt)} and confirms the upload for the client.`,
    }
  }
  const url =
    presignExpiresAt <= now
      ? ` The last upload URL expired at ${at(presignExpiresAt)}, so the client has to renew it.`
      : ''
  return {
    blockedBy: `Waiting for the client to upload the file, until ${at(expiresAt)}.`,
    nextAction: `The client has to upload the file and confirm.${url} The sweeper checks for the file at ${at(nextCheckAt)}.`,
  }
}
