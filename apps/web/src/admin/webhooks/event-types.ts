import { EVENT_TYPES, type EventType, isEventType } from '@darkroom/contracts/event-types'

export const ALL_EVENTS = Object.keys(EVENT_TYPES).filter(isEventType)

/** What most integrations want to hear of. */
export const OUTCOMES: EventType[] = ['asset.ready', 'asset.partial', 'asset.failed']
