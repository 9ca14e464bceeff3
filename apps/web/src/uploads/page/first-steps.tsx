import { SAMPLES, type Sample } from '../first-run/samples.ts'
import { SnippetsCard } from '../first-run/snippets-card.tsx'

const STEPS = [
  { title: 'Ask', text: 'Create an upload. You get a URL to send the file to.' },
  { title: 'Send', text: 'PUT the file to this URL, straight into the object store.' },
  { title: 'Use', text: 'Confirm. Every size appears, with its link.' },
]

/** Small enough to be sent while one reads. */
const [EXAMPLE] = SAMPLES as [Sample, ...Sample[]]

/**
 * Shows what stands below the drop zone while there is no file: what happens, and the same without this page.
 */
export function FirstSteps({ exampleKey }: { exampleKey: string }) {
  return (
    <section aria-labelledby="steps-title" className="mt-12" data-testid="empty-state">
      <h2 id="steps-title" className="text-xl font-semibold tracking-tight">
        How it works
      </h2>
      <ol className="mt-6 grid gap-6 sm:grid-cols-3 sm:gap-8">
        {STEPS.map(({ title, text }, index) => (
          <li key={title} className="border-t border-edge/60 pt-4">
            <p className="font-medium">
              <span className="mr-2 text-accent">{index + 1}</span>
              {title}
            </p>
            <p className="mt-1 text-muted text-pretty">{text}</p>
          </li>
        ))}
      </ol>
      <SnippetsCard title="The same without this page" file={EXAMPLE} exampleKey={exampleKey} />
    </section>
  )
}
