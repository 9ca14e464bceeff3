import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { COMPILE_CACHE, freePort } from '@darkroom/testing'
import { checkAssets } from '../checker/assets.ts'
import type { Violation } from '../checker/violation.ts'
import { type Client, createClient } from '../client/client.ts'
import { createExpectedState, type Entry } from '../client/expected-state.ts'
import { makePhoto } from '../client/photo.ts'
import type { Code } from '../deployment/service.ts'
import { eventually } from '../eventually.ts'
import { createRandom } from '../random.ts'

const PHOTOS = 5
const START_MS = 120_000
const READY_MS = 120_000
const NOTHING_FAILS = { allowedCodes: new Set<string>(), expectsUnconfirmed: false }
/** The key of `darkroom start` on this machine. */
const LOCAL_KEY = 'dk_local_development'

/**
 * Runs `darkroom start` of several versions on one data folder, one after the other: its Postgres and its store keep what the versions
 * before stored, and take more. @returns what is wrong
 */
export async function proveHome(
  versions: readonly Code[],
  { seed, say }: { seed: string; say(line: string): void },
): Promise<Violation[]> {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-upgrade-home-'))
  try {
    const random = createRandom(seed, 'home')
    const [port, storePort] = [await freePort(), await freePort()]
    const expectedState = createExpectedState(join(folder, 'expected.jsonl'))
    const url = `http://127.0.0.1:${port}`
    const env = {
      DARKROOM_DATA: join(folder, 'data'),
      TMPDIR: join(folder, 'tmp'),
      PORT: `${port}`,
      LOCAL_B2_PORT: `${storePort}`,
    }
    await mkdir(env.TMPDIR)
    const found: Violation[] = []
    const client = createClient({
      urls: () => [url],
      tenant: 'project',
      key: LOCAL_KEY,
      expectedState,
      timeoutMs: READY_MS,
    })
    for (const [index, code] of versions.entries()) {
      const home = startHome(code, env, join(folder, `start-${index}.log`))
      await home.untilReady(url)
      for (let photo = 0; photo < PHOTOS; photo++) await client.upload(await makePhoto(random))
      const entries = expectedState.entries()
      found.push(...(await unsettled(client, entries)))
      found.push(...(await checkAssets({ project: client, other: client }, entries, NOTHING_FAILS)))
      const exit = await home.stop()
      if (exit !== 0)
        found.push({ kind: 'unexpected', subject: `start ${index}`, detail: `ended with ${exit}: ${await home.log()}` })
      say(`darkroom start ${index + 1} of ${versions.length}: ${entries.length} photos are there`)
    }
    return found
  } finally {
    await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}

function startHome(code: Code, env: Record<string, string>, logFile: string) {
  const log = openSync(logFile, 'a')
  const command = ['--pdeathsig', 'TERM', '--', process.execPath, join(code.folder, 'apps/cli/src/main.ts'), 'start']
  const { PATH = '', HOME = '/' } = process.env
  const child = spawn('setpriv', command, {
    cwd: code.folder,
    stdio: ['ignore', log, log],
    env: { PATH, HOME, LANG: 'C.UTF-8', ...COMPILE_CACHE, ...env },
  })
  closeSync(log)
  const exited = once(child, 'exit')
  const readLog = () => readFile(logFile, 'utf8')
  return {
    log: readLog,
    async untilReady(url: string) {
      const isReady = async () => {
        if (child.exitCode !== null) throw new Error(`darkroom start ended with ${child.exitCode}: ${await readLog()}`)
        return fetch(`${url}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        )
      }
      await eventually('darkroom start is ready', isReady, Boolean, { withinMs: START_MS })
    },
    async stop(): Promise<number | null> {
      child.kill('SIGINT')
      const [exitCode] = await exited
      return exitCode
    },
  }
}

async function unsettled(client: Client, entries: readonly Entry[]): Promise<Violation[]> {
  const assets = await Promise.all(
    entries.map(async ({ assetId }) => ({ assetId, asset: await client.settled(assetId, READY_MS) })),
  )
  return assets
    .filter(({ asset }) => asset?.status !== 'ready')
    .map(({ assetId, asset }) => ({ kind: 'stuck', subject: assetId, detail: asset?.status ?? 'still under way' }))
}
