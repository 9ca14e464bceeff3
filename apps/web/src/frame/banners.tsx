import type { ServiceStatus } from '@darkroom/contracts'
import { useServiceConditions } from '../hooks/use-service-conditions.ts'
import { Banner } from '../ui/banner.tsx'

interface BannersProps {
  status: ServiceStatus | null
  /** The service does not answer. */
  isOffline: boolean
}

/** Says above everything what holds up all files. */
export function Banners({ status, isOffline }: BannersProps) {
  const { hold } = useServiceConditions()
  if (isOffline) {
    return (
      <Banner testId="offline">
        {hold === 'offline'
          ? 'You are offline. Uploads continue automatically when you are back online; nothing is lost.'
          : 'Darkroom does not respond. This page retries automatically; nothing is lost.'}
      </Banner>
    )
  }
  if (status?.uploads !== 'paused') return null
  return (
    <Banner testId="paused">
      Storage does not accept files right now. New files wait; existing files stay available.
    </Banner>
  )
}
