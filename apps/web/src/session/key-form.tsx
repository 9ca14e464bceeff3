import { type FormEvent, useId } from 'react'
import { Button } from '../ui/button.tsx'

interface KeyFormProps {
  refused: boolean
  /** Files that are sent once there is a key. */
  waitingCount: number
  onEnter: (key: string) => void
}

/** Asks for an API key where the service has no fixed one. */
export function KeyForm({ refused, waitingCount, onEnter }: KeyFormProps) {
  const id = useId()

  function onSubmit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const key = new FormData(event.currentTarget).get('key')
    if (typeof key === 'string' && key.trim()) onEnter(key.trim())
  }

  return (
    <section className="mx-auto max-w-md rounded-3xl border border-line bg-surface p-6 shadow-card sm:p-10">
      <h1 className="text-2xl font-semibold tracking-tight">Enter your API key</h1>
      <p className="mt-2 text-muted">
        It is shared between open tabs of this browser, and forgotten when you close them.
      </p>
      {waitingCount > 0 && (
        <p role="status" className="mt-2 font-medium">
          {waitingCount === 1 ? '1 file waits for it.' : `${waitingCount} files wait for it.`}
        </p>
      )}
      <form onSubmit={onSubmit} className="mt-6 grid gap-2" data-testid="key-form">
        <label htmlFor={id} className="text-sm font-medium">
          API key
        </label>
        <input
          id={id}
          name="key"
          type="password"
          required
          autoComplete="off"
          spellCheck={false}
          placeholder="dk_…"
          aria-invalid={refused}
          aria-describedby={refused ? `${id}-refused` : undefined}
          className="min-h-12 w-full rounded-xl border border-edge bg-paper px-4 font-mono text-base placeholder:text-muted"
        />
        {refused && (
          <p id={`${id}-refused`} role="alert" className="text-sm text-bad">
            That key was not accepted. Check it, or create one with{' '}
            <code className="font-mono">npx darkroom keys create</code>.
          </p>
        )}
        <Button look="primary" type="submit" className="mt-3">
          Continue
        </Button>
      </form>
    </section>
  )
}
