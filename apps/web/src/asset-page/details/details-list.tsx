import type { Asset } from '@darkroom/contracts'
import { Section } from '../../ui/section.tsx'

/** Shows what people say of the asset, to those who may not edit it. */
export function DetailsList({ asset }: { asset: Asset }) {
  const { filename, title, altText, description, folder, tags } = asset
  const details = Object.entries({
    'File name': filename,
    Title: title,
    'Alt text': altText === '' ? 'None: it is decoration' : altText,
    Description: description,
    Folder: folder,
    Tags: tags.join(', '),
  }).filter(([, value]) => value)
  return (
    <Section title="Details" testId="details">
      <dl className="grid gap-3 rounded-2xl border border-line bg-surface p-4 text-sm shadow-card">
        {details.map(([label, value]) => (
          <div key={label} className="min-w-0">
            <dt className="text-muted">{label}</dt>
            <dd dir="auto" className="whitespace-pre-line wrap-anywhere">
              {value}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}
