import { Button } from '../../ui/button.tsx'
import { DocsLink } from '../../ui/docs-link.tsx'
import { Prose } from '../../ui/prose.tsx'
import { useAdmin } from './use-admin.ts'

/** Shows one line in place of what the key's scopes do not allow, with the way to use another key. */
export function MissingScope({ reason }: { reason: string }) {
  const { forgetKey } = useAdmin()
  return (
    <div
      data-testid="no-scope"
      className="flex flex-wrap items-center gap-x-2 rounded-2xl bg-sunken py-1 pr-2 pl-4 text-sm"
    >
      <p className="min-w-0 flex-1 basis-64 py-2 text-pretty">
        <Prose text={reason} />
      </p>
      <DocsLink page="keys">Scopes of API keys</DocsLink>
      {forgetKey && (
        <Button look="quiet" onClick={forgetKey}>
          Use another key
        </Button>
      )}
    </div>
  )
}
