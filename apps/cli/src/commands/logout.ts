import { CommandError, EXIT } from '../exit-codes.ts'
import { newCommand } from '../output.ts'
import { profileByName, readProfiles, writeProfiles } from '../profiles/profiles.ts'

export const logoutCommand = () =>
  newCommand('logout', { description: '', example: 'logout --profile shop' })
    .addHelpText('after', '\nThe key itself stays valid. To end that: npx darkroom keys revoke <id>')
    .action(logout)

async function logout(): Promise<void> {
  const { env } = process
  const { current, profiles } = await readProfiles(env)
  const name = env.DARKROOM_PROFILE || current
  if (!name) throw new CommandError('There is no login. See `npx darkroom profiles list`.', EXIT.notFound)
  const { url } = profileByName({ current, profiles }, name)
  const { [name]: _, ...others } = profiles
  await writeProfiles(env, { current: current === name ? null : current, profiles: others })
  console.log(`Logged out of ${url}: profile "${name}" is deleted. The key itself stays valid until it is revoked.`)
}
