import { WARNINGS } from '../packages/contracts/src/warnings.ts'

/** The table of warnings, where they are shown and how one becomes an error, as Markdown. */
export function warningsDocument(generated: string): string {
  const rows = Object.entries(WARNINGS).map(
    ([code, { message, when, owner }]) => `| \`${code}\` | ${message} | ${when} | ${owner} |`,
  )
  return [
    '# Warnings',
    generated,
    'What an owner should know of a file that was processed all the same: something of it is lost, was repaired, or had to be assumed. A warning says what is wrong with the file, whatever is made of it; what cannot be processed at all [fails with an error](errors.md).',
    ['| code | message | when | what to do |', '|---|---|---|---|', ...rows].join('\n'),
    `Each warning has a third field, \`detail\`, that says in words what was found in this file, with numbers where there are any:

\`\`\`json
{
  "code": "SOURCE_TRUNCATED",
  "message": "${WARNINGS.SOURCE_TRUNCATED.message}",
  "detail": "18 of 44 frames are whole."
}
\`\`\``,
    `## Where they are shown

\`warnings\` of every asset and of every item of a list, at most one of a code, empty when nothing is known to be wrong; in \`data.warnings\` of the events \`asset.ready\`, \`asset.partial\`, \`asset.failed\` and \`asset.reprocess_failed\`, in the feed and in webhooks alike, left out where there is none; in \`darkroom explain\`; on the page. A reprocess that makes everything anew finds them anew. One that leaves files as they are keeps what was said of them.

How a file of your own kind gets one: [add a warning](how-to/add-a-warning.md). Newer versions may know more codes; take one that you do not know for a warning.`,
    `## What cannot be seen

Formats tell of their end in different ways, by a size in their header, a trailer or a last packet that has to be whole; nothing is decoded to find out. What was cut exactly where such a file could end looks whole: a transport stream between two packets while no sound is open, a program stream or an AVI without sizes between two frames, a WebM without a duration between two clusters.

Damage inside of a file is told where its format lets a decoder or a sum tell it: in PNG, AVIF, HEIC, JPEG XL and lossy WebP nearly all of it is. Codes of JPEG, GIF, LZW in TIFF and lossless WebP find their way back after a wrong byte, and what follows is valid and looks odd: of such files [a part](decisions/0098-picture-damage-detection.md) is published without a word.`,
    `## A warning as an error

\`failOn\` of a preset or of a project lists the codes that are not accepted there:

\`\`\`sh
npx darkroom projects set shop failOn=SOURCE_TRUNCATED,STREAM_DAMAGED
\`\`\`

\`\`\`json
{ "failOn": ["SOURCE_TRUNCATED"], "image": { "variants": [{ "name": "thumb", "width": 256, "format": "webp" }] } }
\`\`\`

An asset with such a warning becomes \`failed\` with [\`WARNING_REFUSED\`](errors.md#warning_refused), its message names the warning, and nothing of it is published; what a reprocess finds leaves what was published from before as it is. What some files have only shows while they are decoded, so where \`failOn\` names anything, variants are published together when the last of them is made, and no longer one by one. The source is kept as that of other failures: take the code out of the project's \`failOn\` and requeue the job, or reprocess the asset with a preset, or a new version of it, that does not name it.`,
  ].join('\n\n')
}
