import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@darkroom/testing'
import { patience } from '../eventually.ts'
import { untilAnswers, untilHasFolder } from './readiness.ts'
import { type Exit, type Role, type Service, startService } from './service.ts'

/** The processes of one universe. */
export interface ProcessGroup {
  /** Those that run, armed ones included. */
  alive(role?: Role): Service[]
  start(role: Role, options?: StartOptions): Promise<Service>
  /** Addresses of the APIs that run, in an order that never changes. */
  apiUrls(): string[]
  /** Brings back what a trial took: as many healthy processes as the universe began with, and nobody armed or stopped. */
  complete(): Promise<void>
  /** Starts what is missing, as a supervisor does, and leaves the others alone. */
  revive(): Promise<void>
  /** Ends that nobody asked for, since the last call. */
  takeSurprises(): string[]
  /** SIGTERM to all. @returns who did not end well */
  stopAll(): Promise<string[]>
  killAll(): Promise<void>
}

export interface StartOptions {
  /** `<name>` or `<name>:<n>`: dies by its own hand at the n-th time it passes that point. */
  crashpoint?: string
  env?: Record<string, string>
  wrapper?: readonly string[]
}

interface ProcessGroupOptions {
  logFolder: string
  tempDir: string
  target: { workers: number; apis: number }
  env: Record<Role, Record<string, string>>
}

const RESTART_MS = 500
const REVIVE_ATTEMPTS = 20
/** Longer than the grace period of a worker; more on a slow machine. */
const STOP_MS = 45_000

export function createProcessGroup({ logFolder, tempDir, target, env }: ProcessGroupOptions): ProcessGroup {
  const all: Service[] = []
  let count = 0
  let isOver = false
  const alive: ProcessGroup['alive'] = role => all.filter(one => one.exit === null && (role ?? one.role) === one.role)

  const start: ProcessGroup['start'] = async (role, { crashpoint, env: more = {}, wrapper } = {}) => {
    count += 1
    const port = role === 'api' ? await freePort() : 0
    const service = startService({
      name: `${role}-${count}`,
      role,
      url: role === 'api' ? `http://127.0.0.1:${port}` : '',
      logFolder,
      env: {
        ...env[role],
        ...(role === 'api' && { PORT: `${port}` }),
        ...(crashpoint && { DARKROOM_CRASHPOINT: crashpoint }),
        ...more,
      },
      ...(wrapper && { wrapper }),
    })
    all.push(service)
    service.exited.then(() => superviseEnd(service)).catch(() => undefined)
    if (role === 'api') await untilAnswers(service)
    // A wrapped one may have its folder where only it can see it.
    else if (!wrapper) await untilHasFolder(service, tempDir)
    return service
  }

  /** A crash is noted, and healed as any supervisor would, so that the trial can show what becomes of the work. */
  const superviseEnd = async (service: Service) => {
    if (service.isExpectedToEnd) return
    await sleep(RESTART_MS)
    await startMissing(service.role)
  }

  const missing = (role: Role): number => Math.max(0, target[`${role}s`] - alive(role).length)

  /** Who cannot come up, because what it needs is gone just now, is started again the next time. */
  const startMissing = async (role: Role) => {
    if (isOver) return
    const starts = Array.from({ length: missing(role) }, () => start(role).catch(() => sleep(RESTART_MS)))
    await Promise.all(starts)
  }

  const killSurplus = async (role: Role, wanted: number) => {
    for (const service of alive(role)) service.send('SIGCONT')
    const unwanted = alive(role).filter(({ isArmed }) => isArmed)
    const healthy = alive(role).filter(({ isArmed }) => !isArmed)
    await Promise.all([...unwanted, ...healthy.slice(wanted)].map(service => service.kill()))
  }

  const revive: ProcessGroup['revive'] = async () => {
    for (let attempt = 1; attempt <= REVIVE_ATTEMPTS && missing('api') + missing('worker') > 0; attempt++) {
      await Promise.all([startMissing('api'), startMissing('worker')])
    }
  }

  return {
    alive,
    start,
    apiUrls: () => alive('api').map(({ url }) => url),
    async complete() {
      await Promise.all([killSurplus('api', target.apis), killSurplus('worker', target.workers)])
      await revive()
    },
    revive,
    takeSurprises() {
      const surprises = all.filter(({ exit, isExpectedToEnd }) => exit !== null && !isExpectedToEnd)
      for (const service of surprises) service.isExpectedToEnd = true
      return surprises
        .filter(one => !couldNotStart(one))
        .map(one => `${one.name} ended by itself (${describeExit(one)}): ${one.logTail()}`)
    },
    async stopAll() {
      isOver = true
      const running = alive()
      const stopped = running.map(async service => {
        const exit = await endOf(service)
        if (exit?.code === 0) return []
        await service.kill()
        return [`${service.name} did not end well after SIGTERM (${exit ? describeExit(service) : 'too slow'})`]
      })
      return (await Promise.all(stopped)).flat()
    },
    async killAll() {
      isOver = true
      await Promise.all(alive().map(service => service.kill()))
    },
  }
}

/** Null when it does not come. */
async function endOf(service: Service): Promise<Exit | null> {
  const stopping = service.stop()
  const { isOver } = patience(STOP_MS)
  for (;;) {
    const exit = await Promise.race([stopping, sleep(1000, null, { ref: false })])
    if (exit || isOver()) return exit
  }
}

const describeExit = ({ exit }: Service) => (exit?.signal ? `${exit.signal}` : `code ${exit?.code}`)

/** A start waits a minute for what it needs, and a slow machine loads for another. */
const BOOT_MS = 120_000
/** What a start says when somebody else took its port between the choice and the start; nothing is the matter with it. */
const PORT_TAKEN = /: \d+ is already in use on /
/** How node ends what it writes about an exception that nobody caught. */
const UNCAUGHT = /^Node\.js v[\d.]+$/m

/** Said why and ended, because what it needs was gone: a supervisor starts it again. Anything else is a crash. */
const couldNotStart = ({ exit, startedAt, logTail }: Service): boolean =>
  (exit?.code === 1 || PORT_TAKEN.test(logTail())) &&
  exit !== null &&
  exit.at - startedAt < BOOT_MS &&
  !UNCAUGHT.test(logTail())
