// The entry of the process that decodes untrusted bytes. It has no environment, no credentials and, in the full sandbox,
// no network and no view of other processes. It takes one request at a time over IPC and ends when its parent is gone.
import { MediaFault } from '../fault.ts'
import { configureEngine } from '../image/engine.ts'
import type { Timings } from '../pipeline/steps.ts'
import { probe, render } from './methods.ts'
import type { Answer, ChildSettings, Request } from './protocol.ts'

const { limits, threads } = JSON.parse(process.argv[2] ?? '{}') as ChildSettings

const say = (answer: Answer): void => {
  process.send?.(answer)
}

async function run(request: Request, timings: Timings): Promise<unknown> {
  if (request.method === 'probe') return await probe(request.params, limits, timings)
  return await render(request.params, limits, timings, variant => say({ type: 'variant', id: request.id, variant }))
}

async function answer(request: Request): Promise<void> {
  const timings: Timings = {}
  try {
    say({ type: 'done', id: request.id, value: await run(request, timings), timings })
  } catch (error) {
    say({ type: 'fault', id: request.id, fault: toFault(error) })
  }
}

/** What is not a fault of the media is a bug; its stack goes to stderr, which the parent keeps. */
function toFault(error: unknown): { code: MediaFault['code']; detail: string } {
  if (error instanceof MediaFault) return { code: error.code, detail: error.message.slice(0, 500) }
  console.error(error)
  return { code: 'INTERNAL', detail: 'The decoder failed in a way that is not known' }
}

configureEngine(threads)
process.on('disconnect', () => {
  // exit() waits for libvips' threads to finish, this does not. In the full sandbox we are process 1, which cannot kill
  // itself; there the death of `unshare` ends us.
  process.kill(process.pid, 'SIGKILL')
  process.exit(0)
})
process.on('message', (request: Request) => void answer(request))
say({ type: 'ready' })
