import type { Webhook } from '@darkroom/contracts'
import { useMatchRoute, useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Button } from '../../ui/button.tsx'
import { ConfirmButton } from '../../ui/confirm-button.tsx'
import type { Secret } from '../../ui/secret-dialog.tsx'
import { useAction } from '../session/use-action.ts'

interface WebhookActionsProps {
  webhook: Webhook
  onSecret: (secret: Secret) => void
  /** More of them. */
  children?: ReactNode
}

/** Shows the buttons of an endpoint. */
export function WebhookActions({ webhook: { id, url, enabled }, onSecret, children }: WebhookActionsProps) {
  const navigate = useNavigate()
  const isOpen = useMatchRoute()
  const log = { to: '/webhooks/$webhookId', params: { webhookId: id } } as const
  const ping = useAction(
    darkroom => darkroom.webhooks.test(id),
    () => 'Sent a ping. See its delivery in the list.',
    { onDone: () => !isOpen(log) && void navigate(log) },
  )
  const flip = useAction(
    darkroom => darkroom.webhooks.update(id, { enabled: !enabled }),
    webhook => (webhook.enabled ? `Enabled ${url}. It continues where it stopped.` : `Disabled ${url}.`),
  )
  const rotate = useAction(
    darkroom => darkroom.webhooks.rotate(id),
    () => 'Rotated the secret.',
    {
      onDone: ({ secret }) => onSecret(newSecret(secret, 'For one day, messages are also signed with the old secret.')),
    },
  )
  const remove = useAction(
    darkroom => darkroom.webhooks.delete(id),
    () => `Deleted ${url}.`,
    { onDone: () => isOpen(log) && void navigate({ to: '/webhooks' }) },
  )
  return (
    <div className="-ml-3 flex flex-wrap items-center">
      <Button
        look="quiet"
        data-testid="ping"
        aria-label={`Ping ${url}`}
        disabled={ping.isPending || !enabled}
        onClick={() => ping.run(undefined)}
      >
        Ping
      </Button>
      <Button
        look="quiet"
        data-testid="switch-webhook"
        aria-label={`${enabled ? 'Disable' : 'Enable'} ${url}`}
        disabled={flip.isPending}
        onClick={() => flip.run(undefined)}
      >
        {enabled ? 'Disable' : 'Enable'}
      </Button>
      <ConfirmButton
        testId="rotate-webhook"
        detail={`of ${url}`}
        confirmLabel="Rotate"
        disabled={rotate.isPending}
        onConfirm={() => rotate.run(undefined)}
      >
        Rotate secret
      </ConfirmButton>
      <ConfirmButton
        testId="delete-webhook"
        detail={`${url} and its deliveries`}
        confirmLabel="Delete with its log"
        disabled={remove.isPending}
        onConfirm={() => remove.run(undefined)}
      >
        Delete
      </ConfirmButton>
      {children}
    </div>
  )
}

/** Returns the secret of an endpoint as the dialog shows it, with what to know about it. */
export const newSecret = (value: string | null, more = ''): Secret => ({
  title: 'The secret of the endpoint',
  note: `Your receiver verifies messages with it. ${more}`.trim(),
  value,
})
