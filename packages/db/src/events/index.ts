export type { LoggedEvent } from '../schema/events.ts'
export { type AssetEvent, eventsOfAsset } from './asset-events.ts'
export { FEED_START, type FeedPosition, latestPosition, positionBefore, readFeed } from './event-feed.ts'
export { changeWithEvent, EVENTS_CHANNEL, eventCte } from './events.ts'
