import { expect, it, vi } from 'vitest'
import { checkSandboxLevel } from './sandbox-level.ts'

const logger = () => ({ info: vi.fn(), warn: vi.fn() })
const FULL = { name: 'landlock', level: 'full' } as const
const REDUCED = { name: 'guard', level: 'reduced', reason: 'the files stay readable' } as const

it.each(['auto', 'required'] as const)('says that the sandbox is full, with %s', wanted => {
  const log = logger()
  checkSandboxLevel(FULL, wanted, log)
  expect(log.info.mock.calls).toEqual([[{ sandbox: 'full', by: 'landlock' }, 'sandbox: full (landlock)']])
  expect(log.warn).not.toHaveBeenCalled()
})

it('warns of a reduced one, with what it does not keep in', () => {
  const log = logger()
  checkSandboxLevel(REDUCED, 'auto', log)
  expect(log.warn).toHaveBeenCalledExactlyOnceWith(
    { sandbox: 'reduced', by: 'guard', reason: 'the files stay readable' },
    'sandbox: reduced (the files stay readable)',
  )
})

it('refuses a reduced one where a full one is required', () => {
  const start = () => checkSandboxLevel(REDUCED, 'required', logger())
  expect(start).toThrow(expect.objectContaining({ name: 'ConfigError', exitCode: 2 }))
  expect(start).toThrow(
    'WORKER_SANDBOX: a full sandbox is required, and this host allows a reduced one: the files stay',
  )
})
