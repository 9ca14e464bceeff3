import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { S3Client } from '@aws-sdk/client-s3'
import { startStoreProcess } from '../darkroom/store-process.ts'
import { openService } from '../http/setting.ts'
import { say } from '../progress.ts'
import { emptyBucket } from './bucket.ts'
import { type ClientId, OURS } from './client-ids.ts'
import { CLIENTS, type Target } from './clients.ts'
import { installedVersion } from './installed-version.ts'
import { makeFiles } from './make-files.ts'
import { type FileSet, type Options, readUploadOptions, USAGE } from './options.ts'
import { uploadReport } from './report.ts'
import { summarizeSet, type UploadResults, type UploadRun, type UploadSetResult } from './results.ts'
import { runCommand } from './run-command.ts'
import { difference, serverCpu } from './server-cpu.ts'

// How fast files get into the store: by Darkroom's clients, with all that they ask the API, and by awscli and rclone.

const SDK_BUILD = join(import.meta.dirname, '../../../packages/sdk/tools/build.ts')

const options = readUploadOptions(process.argv.slice(2))
if (options) await main(options)
else console.log(USAGE)

async function main({ rounds, clients, sets, jsonFile }: Options): Promise<void> {
  const versions = { aws: await installedVersion('aws'), rclone: await installedVersion('rclone') }
  const present = clients.filter(client => isInstalled(client, versions))
  await using opened = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-bench-upload-'))
  opened.defer(() => rm(folder, { recursive: true, force: true }))
  const bench = await openBench(opened, folder)
  const startedAt = new Date().toISOString()
  const before = loadavg()[0] ?? 0

  const results: UploadSetResult[] = []
  for (const set of sets) results.push(await measureSet(bench, set, { clients: present, rounds }))
  const measured: UploadResults = {
    startedAt,
    machine: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: availableParallelism(),
      node: process.version,
      ...versions,
    },
    load: { before, after: loadavg()[0] ?? 0 },
    rounds,
    sets: results,
  }
  console.log(uploadReport(measured))
  await mkdir(dirname(jsonFile), { recursive: true })
  await writeFile(jsonFile, `${JSON.stringify(measured, null, 2)}\n`)
  say(`written: ${jsonFile}`)
}

function isInstalled(client: ClientId, versions: Record<string, string | null>): boolean {
  const { needs, label } = CLIENTS[client]
  if (!needs || versions[needs.program]) return true
  say(`left out: ${label}, because ${needs.program} is not installed (${needs.from})`)
  return false
}

interface Bench {
  folder: string
  target: Omit<Target, 'home'>
  s3: S3Client
  apiPid: number
  /** Returns how many uploads the API has confirmed so far. */
  countConfirmed(): Promise<number>
}

async function openBench(opened: AsyncDisposableStack, folder: string): Promise<Bench> {
  const store = await startStoreProcess(join(folder, 'store'))
  opened.defer(() => store.close())
  const { B2_ENDPOINT = '', B2_REGION = '', B2_KEY_ID = '', B2_APPLICATION_KEY = '', B2_BUCKET_NAME = '' } = store.env
  const { api, key, sql } = await openService(opened, store.env)
  const s3 = new S3Client({
    endpoint: B2_ENDPOINT,
    region: B2_REGION,
    forcePathStyle: true,
    credentials: { accessKeyId: B2_KEY_ID, secretAccessKey: B2_APPLICATION_KEY },
  })
  opened.defer(() => s3.destroy())
  return {
    folder,
    s3,
    apiPid: api.forked.pid,
    target: {
      api: { url: api.url, key },
      sdk: await buildSdk(folder),
      store: {
        endpoint: B2_ENDPOINT,
        region: B2_REGION,
        keyId: B2_KEY_ID,
        secret: B2_APPLICATION_KEY,
        bucket: B2_BUCKET_NAME,
      },
    },
    async countConfirmed() {
      const [row] = await sql<{ count: number }[]>`SELECT count(*)::int FROM uploads WHERE confirmed_at IS NOT NULL`
      return row?.count ?? 0
    },
  }
}

/** Builds the SDK as it is published: a program that uses it does not load its sources. @returns its folder */
async function buildSdk(folder: string): Promise<string> {
  const built = join(folder, 'sdk')
  await promisify(execFile)(process.execPath, [SDK_BUILD, built])
  return built
}

interface Plan {
  clients: readonly ClientId[]
  rounds: number
}

/** Has every client upload the set once in each round; each round begins with another one. */
async function measureSet(bench: Bench, set: FileSet, { clients, rounds }: Plan): Promise<UploadSetResult> {
  const files = join(bench.folder, 'files')
  await makeFiles(files, set)
  const runs = new Map<ClientId, UploadRun[]>(clients.map(client => [client, []]))
  // Every program is read from disk, and compiled, once before.
  for (const client of clients) await uploadOnce(bench, client, files, set)
  for (let round = 0; round < rounds; round++) {
    for (const client of [...clients.slice(round % clients.length), ...clients.slice(0, round % clients.length)]) {
      const run = await uploadOnce(bench, client, files, set)
      runs.get(client)?.push(run)
      say(`${set.name}, round ${round + 1}/${rounds}: ${CLIENTS[client].label} ${run.seconds.toFixed(2)} s`)
    }
  }
  await rm(files, { recursive: true })
  return summarizeSet(set.name, set.count * set.byteSize, runs)
}

/** @throws Error when other than all files arrived, each once */
async function uploadOnce(bench: Bench, client: ClientId, files: string, set: FileSet): Promise<UploadRun> {
  const { target, apiPid, s3, countConfirmed } = bench
  const home = await mkdtemp(join(bench.folder, 'home-'))
  const confirmed = await countConfirmed()
  const before = serverCpu(apiPid)
  const run = await runCommand(CLIENTS[client].command(files, { ...target, home }))
  const servers = difference(serverCpu(apiPid), before)
  const stored = await emptyBucket(s3, target.store.bucket)
  const newlyConfirmed = (await countConfirmed()) - confirmed
  await rm(home, { recursive: true })
  const wanted = { count: set.count, bytes: set.count * set.byteSize, confirmed: OURS.includes(client) ? set.count : 0 }
  const found = { ...stored, confirmed: newlyConfirmed }
  if (JSON.stringify(found) !== JSON.stringify(wanted))
    throw new Error(`${client}: expected ${JSON.stringify(wanted)}, found ${JSON.stringify(found)}`)
  return { ...run, servers }
}
