import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { isSignedEvent } from './event-signature.ts'

/** Of the tests of Backblaze's SDK for Java, B2EventNotificationRuleTest. */
const SECRET = '3XDfkdQte2OgA78qCtSD17LAzpj6ay9H'
const BODY = Buffer.from('{"events":[{"eventId":"1","objectName":"ü.jpg"}]}')
const hex = createHmac('sha256', SECRET).update(BODY).digest('hex')

describe('isSignedEvent', () => {
  it('knows the signature of RFC 4231, test case 2', () => {
    const header = 'v1=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'
    expect(isSignedEvent(Buffer.from('what do ya want for nothing?'), header, 'Jefe')).toBe(true)
  })

  it.each([
    ['the signature', `v1=${hex}`],
    ['a list that has it', `v1=${'0'.repeat(64)}, v1=${hex}`],
    ['a list with versions to come', `v2=abc,v1=${hex}`],
    ['a header that came twice', ['v1=x', `v1=${hex}`]],
  ])('takes %s', (_name, header) => {
    expect(isSignedEvent(BODY, header, SECRET)).toBe(true)
  })

  it.each([
    ['no header', undefined],
    ['an empty one', ''],
    ['no version', hex],
    ['another version', `v2=${hex}`],
    ['a version alone', 'v1='],
    ['upper case', `v1=${hex.toUpperCase()}`],
    ['half of it', `v1=${hex.slice(0, 32)}`],
    ['more than it', `v1=${hex}00`],
    ['that of another secret', `v1=${createHmac('sha256', 'x').update(BODY).digest('hex')}`],
    ['letters that are longer in bytes', `v1=${'ü'.repeat(32)}`],
  ])('refuses %s', (_name, header) => {
    expect(isSignedEvent(BODY, header, SECRET)).toBe(false)
  })

  it.each([
    ['a byte is missing', BODY.subarray(0, -1)],
    ['a space was added', Buffer.concat([BODY, Buffer.from(' ')])],
    ['it was parsed and written again', Buffer.from(JSON.stringify(JSON.parse(BODY.toString()), null, 1))],
  ])('refuses a body of which %s', (_name, body) => {
    expect(isSignedEvent(body, `v1=${hex}`, SECRET)).toBe(false)
  })
})
