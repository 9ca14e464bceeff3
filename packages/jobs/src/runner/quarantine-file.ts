import type { Tx } from '@darkroom/db/client'
import { quarantineContent, raiseAlarm } from '@darkroom/db/operations'

/** Puts a content in quarantine in its project and tells an admin; part of the transaction that ends its job. */
export async function quarantineFile(
  tx: Tx,
  content: { projectId: string; sha256: string; crashes: number; reason: string },
): Promise<void> {
  await quarantineContent(tx, content)
  const { projectId, sha256, crashes, reason } = content
  const message = `A file of project ${projectId} was quarantined after ${crashes} crashes: ${reason}`
  await raiseAlarm(tx, { code: 'QUARANTINED', subject: sha256, message })
}
