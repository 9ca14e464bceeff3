import type { ManifestRows } from '@darkroom/db/lineage'
import type { Engines } from '@darkroom/media'
import { z } from 'zod'

const Row = z.record(z.string(), z.unknown())

/**
 * All that is needed to make the rows of an asset again: its project, preset, upload, objects with their hashes, and variants. It lies
 * beside the original.
 */
const Manifest = z.object({
  format: z.literal(1),
  writtenAt: z.string(),
  /** Versions of what had made files on the worker that wrote this. */
  engines: Row,
  rows: z.object({
    project: Row,
    preset: Row,
    asset: Row.and(z.object({ id: z.string(), revision: z.number() })),
    uploads: z.array(Row),
    objects: z.array(Row),
    variants: z.array(Row),
  }),
})

export const MANIFEST_TYPE = 'application/json'

/** Formats a manifest. */
export const manifestBytes = (rows: ManifestRows, engines: Engines): Buffer =>
  Buffer.from(JSON.stringify({ format: 1, writtenAt: new Date().toISOString(), engines, rows }))

/** Reads a manifest. @throws ZodError, or SyntaxError, for what is none */
export const parseManifest = (bytes: Buffer): ManifestRows => Manifest.parse(JSON.parse(bytes.toString())).rows
