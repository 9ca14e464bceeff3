import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { childrenOf, processesHolding } from '../src/index.ts'

it.skipIf(process.platform !== 'linux')('finds a process by its folder and by its parent, until it ends', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'darkroom-leaks-'))
  const child = spawn('sleep', ['60'], { cwd: folder, stdio: 'ignore' })
  await new Promise(resolve => child.once('spawn', resolve))
  expect(childrenOf(process.pid)).toContain(child.pid)
  await expect.poll(() => processesHolding(folder)).toEqual([{ pid: child.pid, command: 'sleep 60' }])
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill()
  await gone
  expect(processesHolding(folder)).toEqual([])
  expect(childrenOf(process.pid)).not.toContain(child.pid)
  await rm(folder, { recursive: true })
})

it.skipIf(process.platform !== 'linux')('finds grandchildren', async () => {
  const child = spawn('sh', ['-c', 'sleep 60 & wait'], { stdio: 'ignore', detached: true })
  await expect.poll(() => childrenOf(child.pid ?? 0)).toHaveLength(1)
  const [grandchild] = childrenOf(child.pid ?? 0)
  expect(childrenOf(process.pid)).toEqual(expect.arrayContaining([child.pid, grandchild]))
  process.kill(-(child.pid ?? 0))
})
