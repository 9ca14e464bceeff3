import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { COMPILE_CACHE } from '@darkroom/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startLocalB2 } from '../src/index.ts'
import { failureOf, makeClient, privateBucket } from './start-store.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const Bucket = privateBucket
let dataDir: string
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'local-b2-kill-'))
})
afterAll(() => rm(dataDir, { recursive: true, force: true }))

async function startProcess(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [main], {
    env: { ...COMPILE_CACHE, LOCAL_B2_DATA_DIR: dataDir, LOCAL_B2_PORT: '0', LOCAL_B2_BUCKETS: `${Bucket}:private` },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  return { child, url: JSON.parse(String(line).split('\n')[0] ?? '').url }
}

const listDir = (name: string) => readdir(join(dataDir, name))

test('keeps what it acknowledged through kill -9, and leaves nothing of what it did not', async () => {
  const { child, url } = await startProcess()
  const client = makeClient(url, { maxAttempts: 1 })
  const bodies = Array.from({ length: 20 }, () => randomBytes(50_000))
  await Promise.all(bodies.map((Body, at) => client.send(new PutObjectCommand({ Bucket, Key: `kept/${at}`, Body }))))

  async function* endless() {
    for (;;) {
      yield Buffer.alloc(1000)
      await new Promise(resolve => setTimeout(resolve, 5))
    }
  }
  const { Readable } = await import('node:stream')
  const Body = Readable.from(endless())
  const unfinished = client
    .send(new PutObjectCommand({ Bucket, Key: 'unfinished', Body, ContentLength: 100_000_000 }))
    .catch(() => 'failed')
  await expect.poll(() => listDir('tmp').then(files => files.length)).toBe(1)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await unfinished).toBe('failed')
  Body.destroy()
  client.destroy()
  await writeFile(join(dataDir, 'blobs', 'unreferenced'), 'left by a kill between rename and commit')

  const second = await startProcess()
  const again = makeClient(second.url)
  for (const [at, body] of bodies.entries()) {
    const found = await again.send(new GetObjectCommand({ Bucket, Key: `kept/${at}` }))
    expect(body.equals((await found.Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(true)
  }
  expect(await failureOf(again.send(new GetObjectCommand({ Bucket, Key: 'unfinished' })))).toBe('404 NoSuchKey')
  expect(await listDir('tmp')).toEqual([])
  expect(await listDir('blobs')).toHaveLength(bodies.length)

  await expect(startLocalB2({ dataDir })).rejects.toThrow(/does another process use it/)
  again.destroy()
  second.child.kill('SIGTERM')
  expect(await once(second.child, 'exit')).toEqual([0, null])
  expect((await readdir(dataDir)).sort()).toEqual(['blobs', 'store.sqlite', 'tmp'])
})

test('says what is wrong with its configuration', async () => {
  const child = spawn(process.execPath, [main], { env: { LOCAL_B2_PORT: 'x' }, stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  child.stderr.setEncoding('utf8').on('data', data => {
    text += data
  })
  // `exit` may come before the last of its output.
  expect(await once(child, 'close')).toEqual([1, null])
  expect(text).toMatch(/LOCAL_B2_DATA_DIR[\s\S]*LOCAL_B2_PORT/)
})
