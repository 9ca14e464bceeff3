import { copyFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type Placeholder, PresetDefinition } from '@darkroom/contracts'
import { type Pdf, withPdf } from '../src/document/pdf/open-pdf.ts'
import {
  type Facts,
  type MediaPool,
  plan,
  type RenderedVariant,
  type SourceWarning,
  type VariantFile,
} from '../src/index.ts'
import { markedLimits, tempDir } from './pool.ts'

const image = (name: string, size: number, more: object = {}) => ({
  name,
  type: 'page',
  width: size,
  height: size,
  format: 'png',
  ...more,
})

/** A thumb of the first page, larger images of three, and their text. */
const DOCUMENTS = PresetDefinition.parse({
  document: {
    variants: [image('thumb', 256), image('page', 1280, { pages: 3 }), { name: 'text', type: 'text', pages: 3 }],
  },
})

export interface ProcessedDocument {
  facts: Extract<Facts, { kind: 'document' }>
  variants: VariantFile[]
  reports: RenderedVariant[]
  placeholder: Placeholder | null
  peakRssBytes: number
  warnings: SourceWarning[]
}

interface DocumentOptions {
  /** Path of a file, its bytes, or what writes it. */
  source: string | Uint8Array | ((file: string) => Promise<void>)
  declaredType?: string
  definition?: PresetDefinition
  timeoutMs?: number
  /** In a process of its own, as a worker does it; otherwise in one of the pool, which starts no process. */
  isFresh?: boolean
}

/** Probes, plans and renders a document, as a worker does. */
export async function processDocument(pool: MediaPool, options: DocumentOptions): Promise<ProcessedDocument> {
  const { source, declaredType = 'application/pdf', definition = DOCUMENTS } = options
  const { timeoutMs = 60_000, isFresh = false } = options
  const workDir = await tempDir()
  const file = path.join(workDir, 'original')
  if (typeof source === 'function') await source(file)
  else await (typeof source === 'string' ? copyFile(source, file) : writeFile(file, source))
  const job = { projectId: 'p', signal: new AbortController().signal, timeoutMs, isFresh }
  return await pool.withChild(job, async child => {
    const warnings: SourceWarning[] = []
    const onWarning = (warning: SourceWarning) => void warnings.push(warning)
    const facts = await child.probe({ file, declaredType }, { onWarning })
    if (facts.kind !== 'document') throw new Error(`${file} is ${facts.kind}`)
    const reports: RenderedVariant[] = []
    const listeners = { onVariant: (variant: RenderedVariant) => void reports.push(variant), onWarning }
    const input = { file, facts, plan: plan(facts, definition), outDir: workDir }
    const { placeholder } = await child.render(input, listeners)
    const variants = reports.filter((report): report is VariantFile => 'file' in report)
    return { facts, variants, reports, placeholder, warnings, peakRssBytes: child.peakRssBytes }
  })
}

/** Returns the path of a variant's file. */
export function fileOf({ variants, reports }: ProcessedDocument, name: string): string {
  const variant = variants.find(variant => variant.name === name)
  if (variant) return variant.file
  throw new Error(`${name} was not made: ${JSON.stringify(reports)}`)
}

/** Opens a PDF without a process around it: for looking at one page of many documents. */
export async function inPdf<T>(source: Uint8Array, use: (pdf: Pdf) => T): Promise<T> {
  const file = path.join(await tempDir(), 'original.pdf')
  await writeFile(file, source)
  return await withPdf(file, markedLimits(), use)
}
