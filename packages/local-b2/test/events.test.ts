import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { CopyObjectCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { privateBucket, startTestStore } from './start-store.ts'

const secret = '3XDfkdQte2OgA78qCtSD17LAzpj6ay9H'
const Bucket = privateBucket

interface Received {
  signature: string | undefined
  body: string
}

async function startReceiver(statuses: number[]) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    received.push({ signature: request.headers['x-bz-event-notification-signature']?.toString(), body })
    response.writeHead(statuses.shift() ?? 200).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { received, url: `http://127.0.0.1:${port}/hook`, close }
}

test('signs an event for every change a rule matches, until it gets its 200', async () => {
  const receiver = await startReceiver([500, 302])
  const rule = { name: 'uploads-rule', bucket: Bucket, prefix: 'uploads/', url: receiver.url, secret }
  await using context = await startTestStore({
    eventRules: [{ ...rule, eventTypes: ['b2:ObjectCreated:*', 'b2:HideMarkerCreated:*', 'b2:ObjectDeleted:Delete'] }],
  })
  const { VersionId } = await context.client.send(new PutObjectCommand({ Bucket, Key: 'uploads/a', Body: 'abc' }))
  await expect.poll(() => receiver.received.length, { timeout: 5000 }).toBe(3)
  expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
  const first = receiver.received[0]
  expect(first?.signature).toBe(
    `v1=${createHmac('sha256', secret)
      .update(first?.body ?? '')
      .digest('hex')}`,
  )
  expect(JSON.parse(first?.body ?? '')).toEqual({
    events: [
      {
        accountId: 'local',
        bucketId: expect.stringMatching(/^[0-9a-f]{24}$/),
        bucketName: Bucket,
        eventId: expect.any(String),
        eventTimestamp: expect.any(Number),
        eventType: 'b2:ObjectCreated:Upload',
        eventVersion: 1,
        matchedRuleName: 'uploads-rule',
        objectName: 'uploads/a',
        objectSize: 3,
        objectVersionId: VersionId,
      },
    ],
  })
  await context.client.send(new PutObjectCommand({ Bucket, Key: 'originals/a', Body: 'abc' }))
  const CopySource = `${Bucket}/uploads/a`
  await context.client.send(new CopyObjectCommand({ Bucket, Key: 'uploads/b', CopySource }))
  await context.client.send(new DeleteObjectCommand({ Bucket, Key: 'uploads/a' }))
  await context.client.send(new DeleteObjectCommand({ Bucket, Key: 'uploads/a', VersionId }))
  await expect.poll(() => receiver.received.length).toBe(6)
  const types = receiver.received.slice(3).map(({ body }) => JSON.parse(body).events[0].eventType)
  expect(types.sort()).toEqual(['b2:HideMarkerCreated:Hide', 'b2:ObjectCreated:Copy', 'b2:ObjectDeleted:Delete'])
  receiver.close()
})

test('never holds up a request, and sends later to a receiver named later', async () => {
  const rule = { name: 'late-rule', bucket: Bucket, prefix: '', eventTypes: ['b2:ObjectCreated:*'], secret }
  await using context = await startTestStore({ eventRules: [{ ...rule, url: 'http://127.0.0.1:9/refused' }] })
  await context.client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'abc' }))
  const receiver = await startReceiver([])
  context.store.setEventRules([{ ...rule, url: receiver.url }])
  await expect.poll(() => receiver.received.length, { timeout: 5000 }).toBe(1)
  receiver.close()
})
