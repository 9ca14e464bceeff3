import type { Project, ProjectPatch } from '@darkroom/contracts'
import { humanBytes } from '../../human-bytes.ts'
import { parseBytes } from './parse-bytes.ts'

type Kind = 'bytes' | 'count' | 'list' | 'text' | 'flag'
type LimitName = Exclude<keyof ProjectPatch, 'name' | 'isPrivate'>

export interface Limit {
  name: LimitName
  label: string
  kind: Kind
  /** What holds without it. */
  without: string
  placeholder: string
}

/** Every setting that an operator may change, in the order in which it is shown. */
const BY_NAME: Record<LimitName, Omit<Limit, 'name'>> = {
  quotaBytes: { label: 'Quota', kind: 'bytes', without: 'no limit', placeholder: '50 GB' },
  maxUploadBytes: {
    label: 'Maximum upload size',
    kind: 'bytes',
    without: 'default of the installation',
    placeholder: '2 GB',
  },
  requestsPerMinute: { label: 'Requests per minute', kind: 'count', without: 'no limit', placeholder: '600' },
  maxOpenUploads: { label: 'Open uploads', kind: 'count', without: 'no limit', placeholder: '1000' },
  maxConcurrency: { label: 'Concurrent jobs', kind: 'count', without: 'no limit', placeholder: '8' },
  allowedTypes: { label: 'Types', kind: 'list', without: 'all', placeholder: 'image/jpeg, image/png' },
  detectTypeByContent: { label: 'Detect type by content', kind: 'flag', without: 'as declared', placeholder: 'yes' },
  browserOrigins: { label: 'Browser origins', kind: 'list', without: 'none', placeholder: 'https://shop.example' },
  failOn: { label: 'Warnings treated as errors', kind: 'list', without: 'none', placeholder: 'SOURCE_TRUNCATED' },
  defaultPreset: { label: 'Default preset', kind: 'text', without: 'default', placeholder: 'gallery' },
  cdnBaseUrl: {
    label: 'CDN',
    kind: 'text',
    without: 'default of the installation',
    placeholder: 'https://cdn.example',
  },
}
export const LIMITS: Limit[] = Object.entries(BY_NAME).map(([name, limit]) => ({ name: name as LimitName, ...limit }))

/** Formats a limit to be shown and edited; '' when there is none. */
export function limitText(project: Project, { name, kind }: Limit): string {
  const value = project[name]
  if (value === null || value === undefined) return ''
  if (kind === 'flag') return value ? 'yes' : ''
  if (Array.isArray(value)) return value.join(', ')
  // Only where it reads back as the same number.
  const human = kind === 'bytes' ? humanBytes(Number(value)) : ''
  return parseBytes(human) === value ? human : String(value)
}

/**
 * Returns a patch of the limits whose texts differ from the current values. @throws an error that names an invalid text
 */
export function patchOf(project: Project, textFor: (name: LimitName) => string): ProjectPatch {
  const changed = LIMITS.filter(limit => textFor(limit.name) !== limitText(project, limit))
  return Object.fromEntries(changed.map(limit => [limit.name, parseLimit(limit, textFor(limit.name))]))
}

function parseLimit({ name, label, kind }: Limit, text: string): unknown {
  if (kind === 'list') {
    const items = text.split(/[\s,]+/).filter(item => item !== '')
    // Of origins an empty list is "none"; of types nothing is "all".
    return items.length === 0 && name === 'allowedTypes' ? null : items
  }
  if (kind === 'flag') return flagOf(label, text)
  if (text === '') return null
  if (kind === 'text') return text
  const number = kind === 'bytes' ? parseBytes(text) : /^[1-9]\d*$/.test(text) ? Number(text) : null
  if (number === null)
    throw new Error(
      `${label}: “${text}” is not ${kind === 'bytes' ? 'a size, such as 50 GB' : 'a whole number from 1'}.`,
    )
  return number
}

function flagOf(label: string, text: string): boolean {
  if (!['', 'no', 'yes'].includes(text.trim().toLowerCase()))
    throw new Error(`${label}: “${text}” is neither yes nor no.`)
  return text.trim().toLowerCase() === 'yes'
}
