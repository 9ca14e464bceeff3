import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ListObjectVersionsCommand } from '@aws-sdk/client-s3'
import { type DiskRecording, LOSSES, type Loss, recordDisk, requireTool, seeded, someLoss } from '@darkroom/testing'
import { amount } from '@darkroom/testing/samples'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startLocalB2 } from '../../src/index.ts'
import { makeClient } from '../start-store.ts'
import { BUCKET, bytesOf, LIVES, type Step } from './workload.ts'

const WORKING_PROCESS = fileURLToPath(new URL('./working-process.ts', import.meta.url))
/** Besides those right after an acknowledgement; in the long form every line that changed the disk. */
const OTHER_MOMENTS = amount(10, Number.POSITIVE_INFINITY)

interface Taken {
  step: Step
  life: number
  group: number
  /** As the process says that it was acknowledged. */
  place: string
}

const STEPS: readonly Taken[] = LIVES.flatMap((groups, life) =>
  groups.flatMap((steps, group) =>
    steps.map((step, index) => ({ step, life, group, place: `${life}/${group}/${index}` })),
  ),
)
const KEYS = new Set(STEPS.map(({ step }) => step.key))

const isBefore = (one: Taken, other: Taken): boolean =>
  one.life < other.life || (one.life === other.life && one.group < other.group)

function bytesAfter(step: Step): Buffer | null {
  if (step.type === 'put' || step.type === 'multipart') return bytesOf(step.body, step.byteSize)
  if (step.type !== 'copy') return null
  const source = STEPS.find(other => other.step.key === step.from)
  return source ? bytesAfter(source.step) : null
}

/** What a key may hold: the bytes of its last acknowledged step or, while the next one is under way, of that. Null is nothing. */
function allowedAt({ promises }: DiskRecording, key: string, at: number): (Buffer | null)[] {
  const isAcknowledged = ({ place }: Taken) => (promises.get(place) ?? Number.POSITIVE_INFINITY) <= at
  const ofKey = STEPS.filter(({ step }) => step.key === key)
  const done = ofKey.filter(isAcknowledged)
  const next = ofKey[done.length]
  const isUnderWay = next && STEPS.every(other => !isBefore(other, next) || isAcknowledged(other))
  return [done.at(-1), ...(isUnderWay ? [next] : [])].map(taken => (taken ? bytesAfter(taken.step) : null))
}

const md5 = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')
const measure = (bytes: Buffer | null) => (bytes ? `${bytes.length} bytes, MD5 ${md5(bytes)}` : 'nothing')

/** Opens the store on what a power loss left, reads every version that it has, and writes to it. @returns newest bytes by key */
async function survivors(dataDir: string): Promise<Map<string, Buffer>> {
  const store = await startLocalB2({ dataDir, buckets: [{ name: BUCKET, access: 'private' }] })
  const client = makeClient(store.url)
  const read = async (key: string, versionId?: string) => {
    const { chunks, release } = store.objects.open({ bucket: BUCKET, key, versionId })
    const found: Buffer[] = []
    for await (const chunk of chunks) found.push(chunk)
    release()
    return Buffer.concat(found)
  }
  try {
    const { Versions = [] } = await client.send(new ListObjectVersionsCommand({ Bucket: BUCKET }))
    const newest = new Map<string, Buffer>()
    for (const { Key = '', VersionId = '', ETag = '', IsLatest } of Versions) {
      const bytes = await read(Key, VersionId)
      if (!ETag.includes('-')) expect(`"${md5(bytes)}"`).toBe(ETag)
      if (IsLatest) newest.set(Key, bytes)
    }
    const after = [Buffer.from('after')]
    await store.objects.put(
      { bucket: BUCKET, key: 'after', headers: {} },
      (async function* () {
        yield* after
      })(),
    )
    expect(await read('after')).toEqual(after[0])
    return newest
  } finally {
    client.destroy()
    await store.close()
  }
}

describe.skipIf(!requireTool('strace', 'strace'))('a power loss', () => {
  let folder: string
  let recording: DiskRecording
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'local-b2-power-'))
    recording = recordDisk({ script: WORKING_PROCESS, folder })
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function survive(at: number, loss: Loss): Promise<void> {
    const left = join(folder, 'left')
    rmSync(left, { recursive: true, force: true })
    recording.disk.restore(left, at, loss)
    const found = await survivors(join(left, 'disk', 'new', 'data'))
    for (const key of KEYS)
      expect(allowedAt(recording, key, at).map(measure), `${key} after line ${at}, without ${loss.name}`).toContain(
        measure(found.get(key) ?? null),
      )
  }

  test('is recorded: every step was acknowledged', () => {
    expect([...recording.promises.keys()].toSorted()).toEqual(STEPS.map(({ place }) => place).toSorted())
  })

  test.each(LOSSES.map(loss => [loss.name, loss] as const))(
    'that takes %s loses nothing acknowledged a moment ago, and brings nothing deleted back',
    async (_name, loss) => {
      for (const at of recording.promises.values()) await survive(at, loss)
    },
  )

  test('at any other moment leaves a store that opens, with every acknowledged object', {
    timeout: 600_000,
  }, async () => {
    const { moments } = recording
    const stride = Math.max(1, Math.floor(moments.length / OTHER_MOMENTS))
    for (const at of moments.filter((_, index) => index % stride === 0))
      for (const loss of [...LOSSES.slice(0, 1), someLoss(seeded(at)), someLoss(seeded(-at))]) await survive(at, loss)
  })
})
