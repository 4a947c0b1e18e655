import type { Consumer } from '@stoa/platform/event-bus'
import type { EventStore } from '@stoa/platform/event-store'
import { readFact } from '../read-fact.ts'
import { contactRow } from '../store/order-contacts.ts'

/** Where to write about orders brought in from elsewhere; of every other order the notifications hear themselves. */
export function importedContacts(store: EventStore): Consumer {
  return {
    name: 'customer.order-contacts',
    pattern: { 'detail-type': ['OrderCreated'], detail: { meta: { imported: [true] } } },
    imported: true,
    handle: async (event) => {
      const fact = readFact(event)
      if (fact.type === 'OrderCreated') await store.commit({ rows: [contactRow(fact.data, event.at)] })
    },
  }
}
