import { Socket } from 'node:net'
import { type Fault, MediaFault, toFault } from '../fault.ts'
import { configureEngine } from '../image/engine.ts'
import type { Timings } from '../pipeline/steps.ts'
import { cutWarning, type Warn } from '../source-warning.ts'
import type { Answer } from './answers.ts'
import { CHANNEL_FD, openChannel } from './channel.ts'
import { markInOneGo } from './marking.ts'
import { detect, type MethodDeps, probe, render } from './methods.ts'
import type { ChildSettings, Request } from './protocol.ts'

/**
 * Decodes untrusted bytes, one request at a time over the channel, until the parent is gone. The process has nothing of the worker's environment,
 * no credentials and, in the full sandbox, no network and no view of other processes.
 */
export function serve(settings: ChildSettings): void {
  markInOneGo()
  configureEngine(settings.threads, settings.limits)
  const say: Say = message => channel.send(message)
  const channel = openChannel(new Socket({ fd: CHANNEL_FD }), {
    onMessage: request => void answer(request as Request, settings, say),
    onEnd() {
      killSelf()
      process.exit(0)
    },
  })
  say({ type: 'ready' })
}

/**
 * Ends this process at once, while exit() waits for libvips' threads to finish. Without effect in a namespace of our own, where we are process 1: the death
 * of `bwrap` or `unshare` ends us there. Refused where the filter of system calls lets nobody send signals: there the worker's death ends us (setpriv).
 */
function killSelf(): void {
  try {
    process.kill(process.pid, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error
  }
}

type Say = (answer: Answer) => void

async function run(request: Request, deps: MethodDeps, say: Say): Promise<unknown> {
  const { id } = request
  if (request.method === 'detect') return await detect(request.params, deps)
  if (request.method === 'probe') return await probe(request.params, deps)
  return await render(request.params, {
    ...deps,
    announce: variant => say({ type: 'variant', id, variant }),
    progress: (value, stage) => say({ type: 'progress', id, value, stage }),
  })
}

async function answer(request: Request, { limits, tools }: ChildSettings, say: Say): Promise<void> {
  const { id } = request
  const timings: Timings = {}
  const warn: Warn = warning => say({ type: 'warning', id, warning: cutWarning(warning) })
  try {
    say({ type: 'done', id, value: await run(request, { limits, tools, timings, warn }, say), timings })
  } catch (error) {
    say({ type: 'fault', id, fault: faultOf(error) })
  }
}

/**
 * Converts an error to a fault. Anything but a fault of the media is a bug; its stack goes to stderr, which the parent
 * keeps.
 */
function faultOf(error: unknown): Fault {
  if (!(error instanceof MediaFault)) console.error(error)
  return toFault(error, { code: 'INTERNAL', detail: 'The file could not be processed, for an unknown reason' })
}
