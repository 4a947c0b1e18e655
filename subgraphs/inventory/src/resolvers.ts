import { requireScope } from '@stoa/platform/access'
import type { CommandPorts } from '@stoa/platform/handle-command'
import { globalId } from '@stoa/platform/id'
import type { ResolverContext } from '@stoa/platform/subgraph'
import type { SubgraphOptions } from '@stoa/platform/subgraph-server'
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
import type { LedgerLine } from './ledger-stream.ts'
import type { InventoryLoaders } from './loaders.ts'
import { type StockSpreadInput, spreadStock } from './spread-stock.ts'
import { type LedgerArguments, readLedger } from './stock-ledger.ts'
import type { StockView } from './stock-view.ts'

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
      async stockSpread(_: unknown, { input }: { input: StockSpreadInput }, { request, loaders }: Context) {
        const payload = await spreadStock(ports, input, request)
        loaders.stock.clear(input.sku)
        return payload
      },
    },
    Location: location(ports),
    OpeningHours: { weekday: ({ weekday }: OpeningHours) => WEEKDAYS[weekday - 1] },
    ProductVariant: {
      __resolveReference: ({ sku }: { sku: string }) => ({ sku }),
      availability: async ({ sku }: { sku: string }, _: unknown, { loaders }: Context) => ({
        stock: await loaders.stock.load(sku),
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
  readonly stock: StockView
}

const availability: Resolvers[string] = {
  availableToPromise: ({ stock }: AvailabilityParent) => stock.availableToPromise,
  status: ({ stock }: AvailabilityParent) => availabilityStatus(stock.availableToPromise),
  locations: async ({ stock }: AvailabilityParent, args: NearArguments, { loaders }: Context) =>
    locationsWithStock(stock, await loaders.locations(), args),
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
