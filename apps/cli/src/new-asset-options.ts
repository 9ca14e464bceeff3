import { type Command, InvalidArgumentError } from 'commander'

/** The options by which new assets get their details. */
export interface NewAssetOptions {
  preset?: string
  folder?: string
  tag?: string[]
}

/** Adds the options of `NewAssetOptions` to a command. */
export const withNewAssetOptions = (command: Command): Command =>
  command
    .option('--preset <name>', 'preset, such as gallery, or gallery@2 for a version; default: that of the project')
    .option('--folder <folder>', 'folder of the new assets, such as 2026/summer')
    .option('--tag <tag>', 'tag of the new assets; repeat it for several', (tag: string, all: string[] = []) => [
      ...all,
      tag,
    ])

/** Converts the options to fields of a request; what was not said is left out. */
export const newAssetOf = ({ preset, folder, tag }: NewAssetOptions) => ({
  ...(preset !== undefined && { preset }),
  ...(folder !== undefined && { folder }),
  ...(tag !== undefined && { tags: tag }),
})

/** Parses how much is done at a time. */
export function parseAtOnce(text: string): number {
  if (!/^([1-9]|[1-5]\d|6[0-4])$/.test(text)) throw new InvalidArgumentError('Expected a number from 1 to 64.')
  return Number(text)
}
