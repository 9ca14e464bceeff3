import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3'
import { startLocalB2 } from '@darkroom/local-b2'
import { createClient } from '../darkroom/contract.ts'
import { createKey } from '../darkroom/create-key.ts'
import { startDarkroomProcess } from '../darkroom/darkroom-process.ts'
import { documents, type FindInputs, photos, videos } from '../kinds/inputs.ts'
import { sampleTree } from '../measure/process-tree.ts'
import { say } from '../progress.ts'

// What one file costs: calls of the store by operation, bytes kept in it, and CPU time. `darkroom cost` calculates with these figures.

const { values } = parseArgs({ options: { publish: { type: 'boolean', default: false } } })
const PUBLISHED = join(import.meta.dirname, '../../../apps/cli/src/cost/figures.json')
const BUCKETS = ['bench-private', 'bench-public'] as const

/** The store has had no request for so long when an upload is removed and nothing is left to do. */
const QUIET_MS = 3000

const KINDS: [name: string, inputs: FindInputs, measured: string][] = [
  ['photo', photos, '8 photos of the corpus'],
  ['video', videos, 'the 1080p video of the corpus four times in a row, 20 s'],
  ['document', documents, '3 PDFs of the corpus'],
]

const tempDir = await mkdtemp(join(tmpdir(), 'darkroom-bench-cost-'))
await using opened = new AsyncDisposableStack()
opened.defer(() => rm(tempDir, { recursive: true, force: true }))
const [privateBucket, publicBucket] = BUCKETS
const store = await startLocalB2({
  dataDir: join(tempDir, 'store'),
  buckets: [
    { name: privateBucket, access: 'private' },
    { name: publicBucket, access: 'public' },
  ],
})
opened.defer(() => store.close())
const dataDir = join(tempDir, 'darkroom')
const darkroom = await startDarkroomProcess(dataDir, {
  B2_ENDPOINT: store.url,
  B2_REGION: 'local-000',
  B2_KEY_ID: 'localkey',
  B2_APPLICATION_KEY: 'localsecret',
  B2_BUCKET_NAME: privateBucket,
  B2_PUBLIC_BUCKET_NAME: publicBucket,
})
opened.defer(() => darkroom.close())
const client = createClient(darkroom.url, await createKey({ DARKROOM_DATA: dataDir }, 'cost'))
const s3 = new S3Client({
  endpoint: store.url,
  region: 'local-000',
  forcePathStyle: true,
  credentials: { accessKeyId: 'localkey', secretAccessKey: 'localsecret' },
})
opened.defer(() => s3.destroy())

const kinds: Record<string, object> = {}
for (const [name, findInputs, measured] of KINDS) {
  say(name)
  const folder = join(tempDir, name)
  await mkdir(folder)
  const inputs = await findInputs(folder, false)
  const [warmUp] = inputs
  if (!warmUp) continue
  await process(warmUp)
  kinds[name] = { measured, ...(await measure(inputs)) }
}
const figures = { command: 'npm run bench:cost -- --publish', date: new Date().toISOString().slice(0, 10), kinds }
console.log(JSON.stringify(figures, null, 2))
if (values.publish) await writeFile(PUBLISHED, `${JSON.stringify(figures, null, 2)}\n`)

type Input = Awaited<ReturnType<FindInputs>>[number]

async function process({ file, contentType }: Input): Promise<void> {
  const bytes = new Uint8Array(await readFile(file))
  const sent = await client.send({ name: basename(file), contentType, byteSize: bytes.length }, bytes)
  await client.confirm(sent)
  for (;;) {
    const { status } = await client.waitFor(sent.assetId)
    if (status === 'ready') break
    if (status === 'failed' || status === 'partial') throw new Error(`${file} is ${status}`)
  }
  await untilQuiet()
}

async function untilQuiet(): Promise<void> {
  for (let before = -1; before !== store.requests.count(); ) {
    before = store.requests.count()
    await sleep(QUIET_MS)
  }
}

/** Returns means of one file. */
async function measure(inputs: readonly Input[]) {
  const before = { cpu: cpuMs(), ...(await stored()) }
  const calls = new Map<string, number>()
  for (const input of inputs) {
    store.requests.clear()
    await process(input)
    for (const { operation } of store.requests.list()) calls.set(operation, (calls.get(operation) ?? 0) + 1)
  }
  const after = { cpu: cpuMs(), ...(await stored()) }
  const mean = (sum: number) => sum / inputs.length
  const counts = [...calls].sort().map(([operation, count]) => [operation, Math.round(mean(count) * 10) / 10])
  return {
    cpuSec: Math.round(mean(after.cpu - before.cpu) / 10) / 100,
    originalBytes: Math.round(mean(after.originals - before.originals)),
    variantBytes: Math.round(mean(after.variants - before.variants)),
    calls: Object.fromEntries(counts),
  }
}

/** Returns CPU time of all processes of Darkroom so far, without its Postgres. */
function cpuMs(): number {
  const ours = sampleTree(darkroom.pid).filter(({ role }) => role !== 'postgres')
  return ours.reduce((sum, each) => sum + each.cpuMs + each.reapedCpuMs, 0)
}

/** Returns bytes of all versions that the store keeps, which is what is billed. */
async function stored(): Promise<{ originals: number; variants: number }> {
  let originals = 0
  let variants = 0
  for (const Bucket of BUCKETS) {
    const { Versions = [], IsTruncated } = await s3.send(new ListObjectVersionsCommand({ Bucket }))
    if (IsTruncated) throw new Error('more objects than one page')
    for (const { Key = '', Size = 0 } of Versions) {
      if (Key.startsWith('variants/')) variants += Size
      else originals += Size
    }
  }
  return { originals, variants }
}
