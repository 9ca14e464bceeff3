import { type ChildProcess, spawn } from 'node:child_process'
import { eventually } from './eventually.ts'
import { isPortOpen } from './ports.ts'

export interface Redis {
  url: string
  stop(): Promise<void>
}

/** Starts an empty Redis server on this port, without persistence. */
export async function startRedis(port: number): Promise<Redis> {
  const settings = { port, bind: '127.0.0.1', save: '', appendonly: 'no', 'maxmemory-policy': 'noeviction' }
  const server: ChildProcess = spawn(
    'redis-server',
    Object.entries(settings).flatMap(([name, value]) => [`--${name}`, `${value}`]),
    { stdio: 'ignore' },
  )
  const gone = new Promise<void>(resolve => server.once('exit', () => resolve()))
  await eventually(
    'redis-server listens',
    () => isPortOpen(port),
    isOpen => isOpen,
    { withinMs: 10_000 },
  )
  return {
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      server.kill('SIGTERM')
      await gone
    },
  }
}
