import type { Envelope } from '@stoa/platform/event'
import { Fault } from '@stoa/platform/fault'
import type { Projection } from '@stoa/platform/projection'
import { type LocationChanged, parseEvent } from '@stoa/schema/events'
import { locationKey, locationRow } from '../store/location-rows.ts'

/** Where goods may be picked up: inventory's locations, kept here so that a checkout asks nobody else. */
export const locationsProjection: Projection = {
  name: 'orders.locations',
  eventTypes: ['LocationChanged'],
  keys: (event) => [locationKey(read(event).locationId)],
  project(event) {
    const { locationId, kind } = read(event)
    return [locationRow(locationId, kind)]
  },
}

function read(event: Envelope): LocationChanged {
  const parsed = parseEvent(event)
  if (parsed.ok && parsed.value.type === 'LocationChanged') return parsed.value.data
  throw new Fault('BAD_REQUEST', `${event.type} ${event.id} cannot be used: it is not as declared.`)
}
