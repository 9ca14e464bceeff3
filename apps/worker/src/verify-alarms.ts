import type { Database } from '@darkroom/db/client'
import { clearAlarms, openAlarms, raiseAlarm } from '@darkroom/db/operations'
import type { VerifiedObject } from './verify-objects.ts'

const CODES = { missing: 'OBJECT_MISSING', different: 'OBJECT_DAMAGED' } as const
const SAID = { missing: 'is missing', different: 'is not what was stored' }

/** What an alarm is about: the file, because a good file says nothing of another one of the same asset. */
const subjectOf = ({ object: { bucket, key } }: VerifiedObject): string => `${bucket}/${key}`

/** Raises the alarm of a file that is not as it was stored. */
export async function raiseVerifyAlarm(db: Database, verified: VerifiedObject): Promise<void> {
  const { object, outcome } = verified
  if (outcome === 'same') return
  const subject = subjectOf(verified)
  const message = `${subject} of asset ${object.assetId} ${SAID[outcome]}. "npx darkroom verify --all" finds others.`
  await raiseAlarm(db, { code: CODES[outcome], subject, message })
}

/** Creates what clears the alarms of files that are as they were stored again. Open alarms are read once, and most files have none. */
export async function createVerifyAlarmClearing(db: Database): Promise<(verified: VerifiedObject) => Promise<void>> {
  const codes: string[] = Object.values(CODES)
  const open = new Set((await openAlarms(db)).flatMap(({ code, subject }) => (codes.includes(code) ? [subject] : [])))
  return async verified => {
    const subject = subjectOf(verified)
    if (verified.outcome !== 'same' || !open.has(subject)) return
    for (const code of codes) await clearAlarms(db, { code, subject })
  }
}
