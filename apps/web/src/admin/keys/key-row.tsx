import type { ApiKey } from '@darkroom/contracts'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import type { Secret } from '../../ui/secret-dialog.tsx'
import { useAction } from '../session/use-action.ts'
import { useAdmin } from '../session/use-admin.ts'
import { type KeyOwner, keyCalls } from './key-calls.ts'
import { isSameKey, keyText, publicPart, works } from './key-words.ts'
import { RotateKeyDialog } from './rotate-key-dialog.tsx'

interface KeyRowProps {
  apiKey: ApiKey
  owner: KeyOwner
  now: number
  onSecret: (secret: Secret) => void
}

/** Shows one key: its purpose, its scopes, its last use and its end. */
export function KeyRow({ apiKey, owner, now, onSecret }: KeyRowProps) {
  const { id, name, scopes } = apiKey
  const [isRotating, setRotating] = useState(false)
  const isOurs = isSameKey(apiKey, useAdmin().apiKey)
  const revoke = useAction(
    darkroom => keyCalls(darkroom, owner).revoke(id),
    () => `Revoked the key “${name}”.`,
  )
  return (
    <li
      data-testid="key"
      data-key-id={id}
      className="flex flex-wrap items-center gap-x-4 gap-y-1 py-3 pr-2 pl-4 sm:pl-5"
    >
      <div className="min-w-0 flex-1 basis-64">
        <p className="font-semibold wrap-anywhere">
          {name}
          {isOurs && <span className="ml-2 text-sm font-normal text-muted">used by this page</span>}
        </p>
        <p className="text-sm text-muted">
          <span className="font-mono text-xs">{publicPart(apiKey)}</span> · {scopes.join(', ')}
        </p>
        <p className="text-sm text-muted first-letter:uppercase">{keyText(apiKey, now)}</p>
      </div>
      {works(apiKey, now) && (
        <div className="flex flex-wrap items-center max-sm:-ml-3">
          <Button
            look="quiet"
            data-testid="rotate-key"
            aria-label={`Rotate the key ${name}`}
            onClick={() => setRotating(true)}
          >
            Rotate
          </Button>
          <ConfirmButton
            testId="revoke-key"
            detail={`the key ${name}`}
            confirmLabel={isOurs ? 'Revoke, and lock this page' : 'Revoke permanently'}
            disabled={revoke.isPending}
            onConfirm={() => revoke.run(undefined)}
          >
            Revoke
          </ConfirmButton>
        </div>
      )}
      {isRotating && (
        <RotateKeyDialog apiKey={apiKey} owner={owner} onClose={() => setRotating(false)} onSecret={onSecret} />
      )}
    </li>
  )
}
