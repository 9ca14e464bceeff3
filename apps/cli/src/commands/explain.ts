import type { Schemas } from '@darkroom/sdk'
import { commandWithJson, moment, print } from '../output.ts'
import { connectSdk } from '../sdk-client.ts'
import { table } from '../table.ts'

export const explainCommand = () =>
  commandWithJson('explain', { description: '', example: 'explain 019ab3c4-5d6e-7f80-9a1b-2c3d4e5f6001' })
    .argument('<asset id>')
    .action(explain)

async function explain(id: string, options: { json?: true }): Promise<void> {
  const { darkroom } = await connectSdk()
  const explanation = await darkroom.admin.explainAsset(id)
  print(options, explanation, () => describe(explanation))
}

function describe(explanation: Schemas['Explanation']): string {
  const { assetId, status, blockedBy, nextAction, warnings, job, variants, timeline } = explanation
  const made = variants.filter(variant => variant.status === 'ready').length
  return [
    `Asset ${assetId} is ${status}${variants.length > 0 ? `, ${made} of ${variants.length} variants are ready` : ''}.`,
    ...(blockedBy ? [`  Why:  ${blockedBy}`] : []),
    `  Next: ${nextAction}`,
    ...warnings.map(({ code, message, detail }) => `  Warning: ${code}: ${message} ${detail}`),
    ...(job ? [`  Job:  ${job.id} (${job.status}, attempt ${job.attempt} of ${job.maxAttempts})`] : []),
    '',
    table(
      ['WHEN', 'WHAT', { title: 'DETAIL', clip: true }],
      timeline.map(({ at, what, detail, error }) => [
        moment(at),
        what,
        [detail, error && `${error.code}: ${error.message}`].filter(Boolean).join(' · '),
      ]),
    ),
  ].join('\n')
}
