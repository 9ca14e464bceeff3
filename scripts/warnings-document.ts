import { WARNINGS } from '../packages/contracts/src/warnings.ts'

/** Formats the table of warnings as Markdown: where each is shown, and how it becomes an error. */
export function warningsDocument(generated: string): string {
  const rows = Object.entries(WARNINGS).map(
    ([code, { message, when, owner }]) => `| \`${code}\` | ${message} | ${when} | ${owner} |`,
  )
  return [
    '# Warnings',
    generated,
    'A warning is a problem of a file that was processed anyway: something is lost, was repaired, or had to be assumed. It describes the source file, not a single variant. A file that cannot be processed at all [fails with an error](errors.md).',
    ['| code | message | when | what to do |', '|---|---|---|---|', ...rows].join('\n'),
    `A warning has a third field, \`detail\`, which says what was found in this file:

\`\`\`json
{
  "code": "SOURCE_TRUNCATED",
  "message": "${WARNINGS.SOURCE_TRUNCATED.message}",
  "detail": "18 of 44 frames are whole."
}
\`\`\``,
    `## Where to find warnings

- \`warnings\` of each asset, also in lists. It has at most one warning per code, and is empty if there are none.
- \`data.warnings\` of the events \`asset.ready\`, \`asset.partial\`, \`asset.failed\` and \`asset.reprocess_failed\`, in the event feed and in webhooks. It is left
  out if there are none.
- \`darkroom explain\`, the upload page and the admin page.

Reprocessing everything detects warnings again. Reprocessing single variants keeps the earlier warnings.

Newer versions can have more codes: treat an unknown code as a warning. To add one to the code, see [add a warning](how-to/add-a-warning.md).`,
    `## Limits of detection

Truncation is detected without decoding the file, by the size in a header, a trailer, or an incomplete last packet. A file that was cut exactly where it could
also end looks complete: a transport stream between two packets with no open audio packet, a program stream or an AVI without sizes between two frames, a WebM
without a duration between two clusters.

Damage inside a file is detected if a checksum or the decoder can detect it. That is nearly always so in PNG, AVIF, HEIC, JPEG XL and lossy WebP. Decoders of
JPEG, GIF, TIFF with LZW and lossless WebP can resynchronize after a wrong byte: what follows is valid and looks wrong. [Some](decisions/0098-picture-damage-detection.md)
of these files are published without a warning.`,
    `## Treat a warning as an error

List the codes that you do not accept in \`failOn\` of a project or of a preset:

\`\`\`sh
npx darkroom projects set shop failOn=SOURCE_TRUNCATED,STREAM_DAMAGED
\`\`\`

\`\`\`json
{ "failOn": ["SOURCE_TRUNCATED"], "image": { "variants": [{ "name": "thumb", "width": 256, "format": "webp" }] } }
\`\`\`

- An asset with such a warning fails with [\`WARNING_REFUSED\`](errors.md#warning_refused). The message names the warning, and no variant is published. If it is found
  during a reprocess, the variants from before stay published.
- Some problems are only found while the file is decoded. With \`failOn\`, all variants are therefore published together at the end, not one by one.
- To accept the file after all: remove the code from \`failOn\` of the project and requeue the job, or reprocess the asset with a preset (or a new version of it)
  without the code. The source is kept as long as that of other failed assets.`,
  ].join('\n\n')
}
