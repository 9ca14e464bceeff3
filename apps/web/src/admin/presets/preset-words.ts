import type { Backfill, Preset, PresetPlan } from '@darkroom/contracts'
import { MEDIA_KINDS } from '@darkroom/contracts/media-types'
import { humanBytes } from '../../human-bytes.ts'
import { dateTime, humanDuration } from '../format/human-time.ts'

const NUMBER = new Intl.NumberFormat('en')
export const number = (value: number): string => NUMBER.format(value)

/** Describes how many variants a preset makes of each kind: `image 6, video 4`. */
export const kindsText = ({ definition }: Pick<Preset, 'definition'>): string =>
  MEDIA_KINDS.filter(kind => definition[kind])
    .map(kind => `${kind} ${definition[kind]?.variants.length ?? 0}`)
    .join(', ')

/** Formats the counts that are not zero: `busy 2, deleted 1`. */
export const countsText = (counts: Record<string, number | undefined>): string =>
  Object.entries(counts)
    .filter(([, count]) => count)
    .map(([name, count]) => `${name} ${number(count ?? 0)}`)
    .join(', ')

interface Figure {
  term: string
  value: string
  note?: string
}

/**
 * Lists the figures of a plan in the order in which people ask: what changes, what is made, what it costs, when it is
 * done.
 */
export function planFigures({ assets, variants, cost }: PresetPlan): Figure[] {
  const { get, put, delete: removed } = cost.storeCalls
  const kinds = countsText(assets.touchedByKind)
  return [
    {
      term: 'Assets to process',
      value: `${number(assets.touched)} of ${number(assets.matched)}`,
      note: [kinds, `${number(assets.unchanged)} unchanged`, `${number(assets.skipped)} skipped`]
        .filter(part => part !== '')
        .join(' · '),
    },
    { term: 'Variants added', value: number(variants.added), note: `${number(variants.remade)} made again` },
    { term: 'Variants removed', value: number(variants.dropped), note: `${number(variants.kept)} kept` },
    {
      term: 'Work',
      value: cost.cpuSeconds === null ? 'unknown' : humanDuration(cost.cpuSeconds * 1000),
      note: cost.cpuSeconds === null ? 'unknown, no earlier jobs' : 'of all workers together',
    },
    { term: 'To write', value: humanBytes(cost.bytesToWrite) },
    {
      term: 'Requests to the store',
      value: number(get + put + removed),
      note: `GET ${number(get)}, PUT ${number(put)}, DELETE ${number(removed)}`,
    },
    {
      term: 'Finished',
      value: cost.finishAt ? dateTime(cost.finishAt) : 'unknown',
      note: cost.finishAt ? 'at the earliest' : 'no worker is running',
    },
  ]
}

export const isUnderWay = ({ status }: Pick<Backfill, 'status'>): boolean => status === 'running' || status === 'paused'

/** Describes the progress of a backfill: `120 of 400 · 100 done · 3 failed`. */
export function backfillText(backfill: Backfill): string {
  const { total, succeeded, partial, failed, active, progress } = backfill
  const skipped = countsText(backfill.skipped)
  return [
    `${number(Math.round(progress * total))} of ${number(total)}`,
    `${number(succeeded)} done`,
    ...(partial > 0 ? [`${number(partial)} partial`] : []),
    ...(failed > 0 ? [`${number(failed)} failed`] : []),
    ...(active > 0 ? [`${number(active)} active`] : []),
    ...(skipped ? [`skipped: ${skipped}`] : []),
  ].join(' · ')
}
