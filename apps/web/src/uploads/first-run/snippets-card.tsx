import { lazy, Suspense, useState } from 'react'
import { CopyButton } from '../../ui/copy-button.tsx'
import { type ExampleFile, snippetOf, WAYS, type Way } from './snippets.ts'

const Tabs = lazy(async () => ({ default: (await import('../../ui/tabs.tsx')).Tabs<Way> }))

interface SnippetsCardProps {
  title: string
  file: ExampleFile
  /** As the code names it: the fixed key of local mode, or a place for one. */
  exampleKey: string
}

/** Shows how to upload a file without this page: with curl, the SDK, or Uppy. */
export function SnippetsCard({ title, file, exampleKey }: SnippetsCardProps) {
  const [way, setWay] = useState<Way>('curl')
  const place = { origin: window.location.origin, key: exampleKey }
  const tabs = (Object.keys(WAYS) as Way[]).map(each => {
    const text = snippetOf(each, file, place)
    return {
      value: each,
      label: WAYS[each],
      testId: `way-${each}`,
      panel: (
        <div className="rounded-2xl border border-line bg-surface" data-testid="snippet">
          <pre className="p-5 font-mono text-sm leading-relaxed wrap-anywhere whitespace-pre-wrap">
            <code>{text}</code>
          </pre>
          <div className="flex flex-wrap items-center justify-between border-t border-line px-2 py-1">
            <CopyButton text={text} label="Copy" detail="the example" />
            <a
              href="/docs"
              className="inline-flex min-h-11 items-center rounded-full px-3 text-sm font-medium text-accent hover:underline"
            >
              Read the API docs
            </a>
          </div>
        </div>
      ),
    }
  })
  return (
    <section aria-label={title} className="mt-12" data-testid="snippets">
      <h2 className="mb-2 text-xl font-semibold tracking-tight">{title}</h2>
      <Suspense fallback={<div className="min-h-96" />}>
        <Tabs label="The same with" value={way} tabs={tabs} onChange={setWay} />
      </Suspense>
    </section>
  )
}
