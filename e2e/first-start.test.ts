import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createClient } from './harness/client.ts'
import { createHome, type Darkroom, type Home, startDarkroom, startService } from './harness/darkroom.ts'

/** What a terminal of a reader prints; each command sees this environment and nothing of the service. */
async function shell(command: string, env: Record<string, string> = {}) {
  const service = startService('bash', ['-c', command], env)
  return { code: await service.exited, output: service.output() }
}

const keyOf = ({ output }: Darkroom) => /^key: (do_\w{8}_[\w-]{43})$/m.exec(output())?.[1] ?? ''
/** The commands that a start prints, to be copied as they are. */
const commandsOf = ({ output }: Darkroom) =>
  [...output().matchAll(/"([^"]*npx darkroom [^"]+)"/g)].map(([, text = '']) => text)

describe('a first start that other machines reach', () => {
  const env = { HOST: '0.0.0.0' }
  let home: Home
  let darkroom: Darkroom
  let operator: string
  beforeAll(async () => {
    home = await createHome({ isFresh: true })
    darkroom = await startDarkroom(home, { env })
    operator = keyOf(darkroom)
  })
  afterAll(async () => {
    await darkroom?.stop()
    await home?.remove()
  })

  it('prints the key of an operator, with which commands find it and make the rest', async () => {
    expect(operator).not.toBe('')
    const settings = { DARKROOM_DATA: home.env.DARKROOM_DATA, DARKROOM_KEY: operator }
    const projects = await shell('npx darkroom projects create shop && npx darkroom projects list', settings)
    expect(projects).toMatchObject({ code: 0, output: expect.stringMatching(/^shop +[0-9a-f-]{36}/m) })
    const { output: key } = await shell('npx darkroom keys create --project shop 2>/dev/null', settings)
    const client = createClient({ url: `http://127.0.0.1:${home.port}`, key: key.trim() })
    expect((await client.list()).items).toEqual([])
  })

  it('prints commands that work as they are', async () => {
    const commands = commandsOf(darkroom)
    expect(commands).toHaveLength(1)
    for (const command of commands) {
      const made = await shell(`${command} 2>/dev/null`)
      expect(made).toMatchObject({ code: 0, output: expect.stringMatching(/^do_\w{8}_[\w-]{43}\n$/) })
      const settings = { DARKROOM_DATA: home.env.DARKROOM_DATA, DARKROOM_KEY: made.output.trim() }
      expect(await shell('npx darkroom queues', settings)).toMatchObject({ code: 0 })
    }
  })

  it('tells who has no key how to get one, in a command that works', async () => {
    const settings = { DARKROOM_DATA: home.env.DARKROOM_DATA }
    const refused = await shell('npx darkroom keys list', settings)
    expect(refused.code).toBe(4)
    const [, command = ''] = /`(npx darkroom [^`]+)`/.exec(refused.output) ?? []
    const made = await shell(`${command} 2>/dev/null`, settings)
    expect(made.output).toMatch(/^do_/)
    expect(await shell('npx darkroom keys list', { ...settings, DARKROOM_KEY: made.output.trim() })).toMatchObject({
      code: 0,
    })
  })

  it('prints no key again', async () => {
    await darkroom.stop()
    darkroom = await startDarkroom(home, { env })
    expect(darkroom.output()).not.toMatch(/do_\w{8}/)
    const settings = { DARKROOM_DATA: home.env.DARKROOM_DATA, DARKROOM_KEY: operator }
    expect(await shell('npx darkroom keys list', settings)).toMatchObject({ code: 0 })
  })
})

it('prints a key when PUBLIC_URL alone is set', async () => {
  const home = await createHome({ isFresh: true })
  try {
    const darkroom = await startDarkroom(home, { env: { PUBLIC_URL: 'https://media.example.com' } })
    try {
      const settings = { DARKROOM_DATA: home.env.DARKROOM_DATA, DARKROOM_KEY: keyOf(darkroom) }
      expect(await shell('npx darkroom projects list', settings)).toMatchObject({ code: 0 })
    } finally {
      await darkroom.stop()
    }
  } finally {
    await home.remove()
  }
})
