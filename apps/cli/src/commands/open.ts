import { CommandError, EXIT } from '../exit-codes.ts'
import { newCommand } from '../output.ts'
import { connectSdk } from '../sdk-client.ts'

export const openCommand = () =>
  newCommand('open', { description: '', example: 'open 019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6001' })
    .argument('[asset id]', 'default: the page with all files')
    .argument('[variant]', 'name of a variant, to see the file itself')
    .option('--print', 'only print the URL')
    .action(openPage)

async function openPage(id: string | undefined, variant: string | undefined, options: { print?: true }): Promise<void> {
  const url = await findPage(id, variant)
  console.log(url)
  if (options.print) return
  // The program of the desktop decides what it opens by the scheme, so nothing but a page gets there.
  if (!/^https?:\/\//.test(url)) throw new CommandError('This is not the URL of a page.', EXIT.failed)
  const { default: open } = await import('open')
  await open(url).catch(error => {
    throw new CommandError('No browser could be started. Open the URL yourself.', EXIT.failed, { cause: error })
  })
}

async function findPage(id: string | undefined, variant: string | undefined): Promise<string> {
  const { darkroom, connection } = await connectSdk()
  const { url } = connection
  if (id === undefined) return `${url}/`
  const asset = await darkroom.assets.get(id)
  if (variant === undefined) return `${url}/operations/assets/${asset.id}`
  return darkroom.assets.downloadUrl(asset.id, { variant })
}
