import { PutObjectCommand } from '@aws-sdk/client-s3'
import { afterEach, expect, test } from 'vitest'
import { makeClient, privateBucket, startTestStore, type TestStore } from './start-store.ts'

let context: TestStore
afterEach(async () => {
  await context.store.close().catch(() => undefined)
  await context[Symbol.asyncDispose]().then(undefined, () => undefined)
})

/** An upload whose bytes are under way. */
async function uploading(shutdownGraceMs: number, lastsMs: number) {
  context = await startTestStore({ shutdownGraceMs })
  context.store.faults.set({ kind: 'delay', ms: lastsMs })
  const client = makeClient(context.store.url, { maxAttempts: 1 })
  const upload = client.send(new PutObjectCommand({ Bucket: privateBucket, Key: 'late', Body: 'x'.repeat(100_000) }))
  const status = upload.then(
    ({ $metadata }) => $metadata.httpStatusCode,
    () => 'cut',
  )
  await expect.poll(() => context.store.requests.list({ method: 'PUT' }).length).toBe(1)
  return { status }
}

test('an upload that a stop meets is answered', async () => {
  const { status } = await uploading(30_000, 800)
  await context.store.close()
  expect(await status).toBe(200)
})

test('one that takes longer than its grace is cut, and that is said', async () => {
  const { status } = await uploading(300, 30_000)
  await expect(context.store.close()).rejects.toThrow('The store cut 1 of its requests, which took longer than 0.3 s.')
  expect(await status).toBe('cut')
})
