import { CopyButton } from '../../ui/copy-button.tsx'

const STEPS = [
  { title: 'Ask', text: 'Create an upload. You get a URL to send the file to.' },
  { title: 'Send', text: 'PUT the file to this URL, straight into the object store.' },
  { title: 'Use', text: 'Confirm. Every size appears, with its link.' },
]

const curl = (origin: string, key: string) => `curl ${origin}/v1/uploads \\
  -H 'Authorization: Bearer ${key}' \\
  -H 'Content-Type: application/json' \\
  -d '{"filename": "cat.jpg", "contentType": "image/jpeg", "byteSize": 48213}'`

/**
 * Shows what stands below the drop zone while there is no file: the same upload with curl. The example runs as it is.
 */
export function FirstSteps({ exampleKey }: { exampleKey: string }) {
  const command = curl(window.location.origin, exampleKey)
  return (
    <section aria-labelledby="steps-title" className="mt-16" data-testid="empty-state">
      <h2 id="steps-title" className="text-xl font-semibold tracking-tight">
        Use the API
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
      <div className="mt-8 rounded-2xl border border-line bg-surface">
        <pre className="p-5 font-mono text-sm leading-relaxed wrap-anywhere whitespace-pre-wrap">
          <code>{command}</code>
        </pre>
        <div className="flex flex-wrap items-center justify-between border-t border-line px-2 py-1">
          <CopyButton text={command} label="Copy" detail="the example" />
          <a
            href="/docs"
            className="inline-flex min-h-11 items-center rounded-full px-3 text-sm font-medium text-accent hover:underline"
          >
            Read the API docs
          </a>
        </div>
      </div>
    </section>
  )
}
