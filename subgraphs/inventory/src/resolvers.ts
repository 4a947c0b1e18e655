import { requireScope } from '@stoa/platform/access'
import type { CommandPorts } from '@stoa/platform/handle-command'
import { globalId } from '@stoa/platform/id'
import type { ResolverContext } from '@stoa/platform/subgraph'
import type { SubgraphOptions } from '@stoa/platform/subgraph-server'
import type { Row } from '@stoa/platform/table-store'
import { adjustStock, type StockAdjustInput, type StockLevel } from './adjust-stock.ts'
import { type LocationAvailability, locationsWithStock, type NearArguments } from './availability.ts'
import { isOpenAt, type OpeningHours } from './domain/location.ts'
import { availabilityStatus } from './domain/stock.ts'
import {
  findLocation,
  type LocationsArguments,
  listLocations,
  type PlacedLocation,
} from './find-locations.ts'
import type { InventoryLoaders } from './loaders.ts'
import { type LedgerArguments, type LedgerLine, readLedger } from './stock-ledger.ts'
import { readPromise } from './store/stock-table.ts'

type Context = ResolverContext<InventoryLoaders>
type Resolvers = SubgraphOptions<InventoryLoaders>['resolvers']

/** Wiring: every field reads what is there, or asks one loader, the stream or one command. */
export function createResolvers(ports: CommandPorts): Resolvers {
  return {
    Query: {
      locations: async (_: unknown, args: LocationsArguments, { loaders }: Context) =>
        listLocations(await loaders.locations(), args),
      location: async (_: unknown, keys: { locationId: string }, { loaders }: Context) =>
        findLocation(await loaders.locations(), keys),
      stockLedger: (_: unknown, args: LedgerArguments, { request }: Context) => {
        requireScope(request.principal, 'stock:read')
        return readLedger(ports.store, args)
      },
    },
    Mutation: {
      async stockAdjust(_: unknown, { input }: { input: StockAdjustInput }, { request, loaders }: Context) {
        const payload = await adjustStock(ports, input, { request, locations: await loaders.locations() })
        loaders.stock.clear(input.sku)
        return payload
      },
    },
    Location: location(ports),
    OpeningHours: { weekday: ({ weekday }: OpeningHours) => WEEKDAYS[weekday - 1] },
    ProductVariant: {
      __resolveReference: ({ sku }: { sku: string }) => ({ sku }),
      availability: async ({ sku }: { sku: string }, _: unknown, { loaders }: Context) => ({
        row: await loaders.stock.load(sku),
      }),
    },
    Availability: availability,
    LocationAvailability: { location: (place: LocationAvailability) => place },
    StockLevel: level,
    StockPosting: { location: locationOf },
  }
}

const WEEKDAYS = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const

function location({ clock }: CommandPorts): Resolvers[string] {
  return {
    __resolveReference: async (keys: { id?: string; locationId?: string }, { loaders }: Context) =>
      findLocation(await loaders.locations(), keys) ?? null,
    id: ({ location: { locationId } }: PlacedLocation) => globalId('inventory', 'Location', locationId),
    locationId: (place: PlacedLocation) => place.location.locationId,
    kind: (place: PlacedLocation) => place.location.kind,
    name: (place: PlacedLocation) => place.location.name,
    address: (place: PlacedLocation) => place.location.address,
    coordinates: (place: PlacedLocation) => place.location,
    timeZone: (place: PlacedLocation) => place.location.timeZone,
    openingHours: (place: PlacedLocation) => place.location.openingHours,
    openNow: (place: PlacedLocation) => isOpenAt(place.location, clock.now()),
  }
}

interface AvailabilityParent {
  readonly row: Row | undefined
}

const availability: Resolvers[string] = {
  availableToPromise: ({ row }: AvailabilityParent) => readPromise(row),
  status: ({ row }: AvailabilityParent) => availabilityStatus(readPromise(row)),
  locations: async ({ row }: AvailabilityParent, args: NearArguments, { loaders }: Context) =>
    locationsWithStock(row, await loaders.locations(), args),
}

const level: Resolvers[string] = {
  location: locationOf,
  onHand: ({ level: { available, reserved } }: StockLevel) => available + reserved,
  available: ({ level: { available } }: StockLevel) => available,
  reserved: ({ level: { reserved } }: StockLevel) => reserved,
  safetyStock: ({ level: { safety } }: StockLevel) => safety,
}

async function locationOf({ locationId }: StockLevel | LedgerLine, _: unknown, { loaders }: Context) {
  return findLocation(await loaders.locations(), { locationId }) ?? null
}
