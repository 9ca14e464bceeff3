import type { BucketSurvey } from '@darkroom/ingest'
import prettyBytes from 'pretty-bytes'
import { describeEstimate } from '../commands/cost.ts'
import { type CostEstimate, estimateCost } from '../cost/estimate-cost.ts'
import { table } from '../table.ts'

export interface ImportEstimate extends BucketSurvey {
  /** Until all are confirmed, at the rate that was asked for; processing goes on after that. */
  hours: number
  /** Of a month with these files, as `darkroom cost` computes it. */
  month: CostEstimate
}

/** Estimates what an import takes and what a month with its files costs. What no name tells the kind of counts as a document. */
export function estimateImport(survey: BucketSurvey, ratePerSec: number): ImportEstimate {
  const { image, video, audio, document, unknown } = survey.kinds
  const join = (...tallies: { objects: number; bytes: number }[]) => ({
    objects: tallies.reduce((sum, each) => sum + each.objects, 0),
    bytes: tallies.reduce((sum, each) => sum + each.bytes, 0),
  })
  const costed = { photo: image, video: join(video, audio), document: join(document, unknown) }
  const kinds = Object.entries(costed)
  const { objects } = join(...Object.values(costed))
  const month = estimateCost({
    filesPerMonth: { photo: costed.photo.objects, video: costed.video.objects, document: costed.document.objects },
    originalBytes: Object.fromEntries(
      kinds.flatMap(([kind, tally]) => (tally.objects > 0 ? [[kind, tally.bytes / tally.objects]] : [])),
    ),
    month: 1,
    egressBytes: 0,
    isPartnerCdn: false,
  })
  return { ...survey, hours: objects / ratePerSec / 3600, month }
}

/** Says what a bucket has, what of it would be imported, and what that takes. */
export function describeSurvey({ kinds, known, refused, hours, month }: ImportEstimate): string {
  const line = (title: string, { objects, bytes }: { objects: number; bytes: number }) => [
    title,
    objects.toLocaleString('en'),
    prettyBytes(bytes),
  ]
  const rows = [
    ...Object.entries(kinds).map(([kind, tally]) => line(kind, tally)),
    line('imported before', known),
    line('empty or too large', refused),
  ]
  const time = hours < 1 ? `${Math.ceil(hours * 60)} minutes` : `${hours.toFixed(1)} hours`
  return [
    table(['kind, by the name', 'objects', 'size'], rows),
    '',
    `Importing takes at least ${time}. Processing takes ${month.cpuHours.toFixed(1)} hours of one core. A month with these files:`,
    '',
    describeEstimate(month, 1),
    '',
    'Nothing was imported. Run it without --dry-run.',
  ].join('\n')
}
