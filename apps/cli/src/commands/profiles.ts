import { Command } from 'commander'
import { commandWithJson, newCommand, print } from '../output.ts'
import { profileByName, readProfiles, writeProfiles } from '../profiles/profiles.ts'
import { table } from '../table.ts'

export const profilesCommand = () =>
  new Command('profiles')
    .addCommand(
      commandWithJson('list', {
        description: 'list logins, without their keys',
        example: 'profiles list',
      }).action(list),
    )
    .addCommand(
      newCommand('use', { description: 'choose the login that commands use', example: 'profiles use shop' })
        .argument('<profile>')
        .action(use),
    )

async function list(options: { json?: true }): Promise<void> {
  const { current, profiles } = await readProfiles(process.env)
  const shown = Object.entries(profiles).map(([name, { url, key }]) => ({
    name,
    url,
    keyId: publicPartOf(key),
    isCurrent: name === current,
  }))
  print(options, shown, () =>
    shown.length === 0
      ? 'No logins. Create one: npx darkroom login <url>'
      : table(
          ['PROFILE', 'URL', 'KEY', 'USED'],
          shown.map(({ name, url, keyId, isCurrent }) => [name, url, keyId, isCurrent ? 'yes' : '']),
        ),
  )
}

/** Returns the part of a key by which `darkroom keys list` names it. */
const publicPartOf = (key: string): string => /^d[ok]_([A-Za-z0-9]{8})_/.exec(key)?.[1] ?? ''

async function use(name: string): Promise<void> {
  const { profiles } = await readProfiles(process.env)
  const { url } = profileByName({ current: null, profiles }, name)
  await writeProfiles(process.env, { current: name, profiles })
  console.log(`Commands now use ${url}.`)
}
