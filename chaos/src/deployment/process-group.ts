import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '@darkroom/testing'
import { scaledTimeout } from '../eventually.ts'
import { untilAnswers, untilHasFolder } from './readiness.ts'
import { CODE_UNDER_FAULTS, type Code, type Exit, type Role, type Service, startService } from './service.ts'

/** The processes of one deployment. */
export interface ProcessGroup {
  /** Processes that run, armed ones included. */
  alive(role?: Role): Service[]
  start(role: Role, options?: StartOptions): Promise<Service>
  /** From now on, what is started is of this version. */
  use(code: Code): void
  /** Addresses of the APIs that run, in an order that never changes. */
  apiUrls(): string[]
  /** Restores the processes: as many healthy ones as the deployment began with, none armed or stopped. */
  complete(): Promise<void>
  /** Starts what is missing, as a supervisor does, and leaves the others alone. */
  revive(): Promise<void>
  /** Processes that ended by themselves since the last call, in words. */
  takeUnexpectedExits(): string[]
  /** Ends all with SIGTERM. @returns those that did not exit with code 0 in time */
  stopAll(): Promise<string[]>
  killAll(): Promise<void>
}

export interface StartOptions {
  /** `<name>` or `<name>:<n>`: the process kills itself when it passes that point for the n-th time. */
  crashpoint?: string
  env?: Record<string, string>
  wrapper?: readonly string[]
}

interface ProcessGroupOptions {
  logFolder: string
  tempDir: string
  target: { workers: number; apis: number }
  env: Record<Role, Record<string, string>>
  code?: Code
}

const RESTART_MS = 500
const REVIVE_ATTEMPTS = 20
/** Longer than the grace period of a worker; more on a slow machine. */
const STOP_MS = 45_000

export function createProcessGroup({ logFolder, tempDir, target, env, code }: ProcessGroupOptions): ProcessGroup {
  const all: Service[] = []
  let count = 0
  let isOver = false
  let current = code ?? CODE_UNDER_FAULTS
  const alive: ProcessGroup['alive'] = role => all.filter(one => one.exit === null && (role ?? one.role) === one.role)

  const start: ProcessGroup['start'] = async (role, { crashpoint, env: more = {}, wrapper } = {}) => {
    count += 1
    const port = role === 'api' ? await freePort() : 0
    const service = startService({
      name: `${role}-${count}`,
      role,
      code: current,
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

  /** Records a crash and restarts the process as a supervisor does, so that the trial shows what happens to its work. */
  const superviseEnd = async (service: Service) => {
    if (service.isExpectedToEnd) return
    await sleep(RESTART_MS)
    await startMissing(service.role)
  }

  const missing = (role: Role): number => Math.max(0, target[`${role}s`] - alive(role).length)

  /** Starts missing processes. One that cannot start, because a service that it needs is gone, is started again the next time. */
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
    use(next) {
      current = next
    },
    apiUrls: () => alive('api').map(({ url }) => url),
    async complete() {
      await Promise.all([killSurplus('api', target.apis), killSurplus('worker', target.workers)])
      await revive()
    },
    revive,
    takeUnexpectedExits() {
      const unexpected = all.filter(({ exit, isExpectedToEnd }) => exit !== null && !isExpectedToEnd)
      for (const service of unexpected) service.isExpectedToEnd = true
      return unexpected
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

/** Waits for the exit of a process; null when it takes too long. */
async function endOf(service: Service): Promise<Exit | null> {
  const stopping = service.stop()
  const { isOver } = scaledTimeout(STOP_MS)
  for (;;) {
    const exit = await Promise.race([stopping, sleep(1000, null, { ref: false })])
    if (exit || isOver()) return exit
  }
}

const describeExit = ({ exit }: Service) => (exit?.signal ? `${exit.signal}` : `code ${exit?.code}`)

/** A start waits a minute for the services that it needs, and a slow machine takes another to load the code. */
const BOOT_MS = 120_000
/** The message of a start whose port was taken between the choice and the start. That is no fault. */
const PORT_TAKEN = /: \d+ is already in use on /
/** The last line that Node prints about an uncaught exception. */
const UNCAUGHT = /^Node\.js v[\d.]+$/m

/** Tells whether a process ended with a message because a service that it needs was gone. Anything else is a crash. */
const couldNotStart = ({ exit, startedAt, logTail }: Service): boolean =>
  (exit?.code === 1 || PORT_TAKEN.test(logTail())) &&
  exit !== null &&
  exit.at - startedAt < BOOT_MS &&
  !UNCAUGHT.test(logTail())
