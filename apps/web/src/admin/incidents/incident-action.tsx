import type { Incident, QueueName } from '@darkroom/contracts'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { buttonClass } from '../../ui/button.tsx'
import { RequeueLikeThis } from '../failures/requeue-like-this.tsx'
import { PauseControl } from '../overview/pause-control.tsx'

const LINK = buttonClass('secondary')

/** What the next step is done with, for each kind that has such a thing here. */
const ACTIONS: Partial<Record<Incident['kind'], (about: string) => ReactNode>> = {
  paused: queue => <PauseControl name={queue as QueueName} isPaused />,
  failures: code => <RequeueLikeThis code={code} look="secondary" />,
  webhook: id => (
    <Link to="/webhooks/$webhookId" params={{ webhookId: id }} className={LINK}>
      Open its deliveries
    </Link>
  ),
  quota: id => (
    <Link to="/projects/$projectId" params={{ projectId: id }} className={LINK}>
      Open the project
    </Link>
  ),
  backfill: () => (
    <Link to="/presets" className={LINK}>
      Open backfills
    </Link>
  ),
}

/** Shows the button or link of the next step; nothing where it is done elsewhere. */
export const IncidentAction = ({ incident: { kind, about } }: { incident: Incident }) =>
  about === null ? null : ACTIONS[kind]?.(about)
