import { commandWithJson, moment, print } from '../output.ts'
import { connectSdk } from '../sdk-client.ts'

export const incidentsCommand = () =>
  commandWithJson('incidents', {
    description: 'show what is wrong now, since when, whom it affects, and what to do; operators only',
    example: 'incidents',
  }).action(show)

async function show(options: { json?: true }): Promise<void> {
  const { darkroom } = await connectSdk()
  const found = await darkroom.admin.incidents()
  print(options, found, () => {
    if (found.items.length === 0) return 'Nothing is wrong.'
    return found.items
      .map(({ severity, title, since, affected, detail, nextStep }) =>
        [
          `${severity === 'fault' ? 'FAULT' : 'WARNING'}  ${title}`,
          ...(since ? [`  since    ${moment(since)}`] : []),
          `  affects  ${affectedText(affected)}`,
          ...(detail ? [`  details  ${detail}`] : []),
          `  to do    ${nextStep}`,
        ].join('\n'),
      )
      .join('\n\n')
  })
}

function affectedText({ assets, projects }: { assets: number | null; projects: number | null }): string {
  if (assets === null && projects === null) return 'possibly everybody'
  const parts = [
    ...(assets === null ? [] : [`assets: ${assets}`]),
    ...(projects === null ? [] : [`projects: ${projects}`]),
  ]
  return parts.join(', ')
}
