import type { CommandPorts } from '@stoa/platform/handle-command'
import type { RequestContext, ResolverContext } from '@stoa/platform/subgraph'
import { toUserError } from '@stoa/platform/user-error'
import { type CommandInput, changeOwn, type Outcome, runCommand } from './commands.ts'
import { addAddress, removeAddress, updateAddress } from './domain/address-book.ts'
import type { Address, AddressFields } from './domain/customer.ts'
import { type ProfileChange, register, updateProfile } from './domain/profile.ts'
import type { CustomerLoaders } from './loaders.ts'
import type { ChangeRefusal } from './store/change-customer.ts'
import type { StoredCustomer } from './store/customer-rows.ts'

type Context = ResolverContext<CustomerLoaders>

interface With<Input> {
  readonly input: Input & CommandInput
}

interface ProfileInput {
  readonly name?: string | null
  readonly email?: string | null
  readonly language?: string | null
  readonly marketingConsent?: boolean | null
}

interface RegisterInput extends ProfileInput {
  readonly name: string
  readonly email: string
}

interface AddressInput extends Omit<AddressFields, 'line2'> {
  readonly line2?: string | null
}

interface Payload {
  readonly customer: StoredCustomer | null
  readonly address: Address | null
  readonly userErrors: readonly ReturnType<typeof toUserError>[]
}

type Mutation<Input> = (_: unknown, args: With<Input>, context: Context) => Promise<Payload>

export interface Mutations {
  readonly customerRegister: Mutation<RegisterInput>
  readonly profileUpdate: Mutation<ProfileInput>
  readonly addressAdd: Mutation<{ readonly address: AddressInput }>
  readonly addressUpdate: Mutation<{ readonly addressId: string; readonly address: AddressInput }>
  readonly addressRemove: Mutation<{ readonly addressId: string }>
}

/** Each parses its input, runs one command and shows the outcome. */
export function createMutations(ports: CommandPorts): Mutations {
  return {
    async customerRegister(_, { input }, { request }) {
      const command = { name: 'customerRegister', input, request }
      const outcome = runCommand(ports, command, (now, customerId) =>
        register(now?.customer, { customerId, ...toRegistration(input, request) }),
      )
      return toPayload(await outcome)
    },
    async profileUpdate(_, { input }, { request }) {
      const command = { name: 'profileUpdate', input, request }
      return toPayload(await changeOwn(ports, command, (now) => updateProfile(now, toChange(input))))
    },
    async addressAdd(_, { input }, { request }) {
      const command = { name: 'addressAdd', input, request }
      return toPayload(await changeOwn(ports, command, (now) => addAddress(now, toFields(input.address))))
    },
    async addressUpdate(_, { input }, { request }) {
      const command = { name: 'addressUpdate', input, request }
      const fields = toFields(input.address)
      return toPayload(await changeOwn(ports, command, (now) => updateAddress(now, input.addressId, fields)))
    },
    async addressRemove(_, { input }, { request }) {
      const command = { name: 'addressRemove', input, request }
      return toPayload(await changeOwn(ports, command, (now) => removeAddress(now, input.addressId)))
    },
  }
}

function toPayload(outcome: Outcome): Payload {
  if (!outcome.ok) return { customer: null, address: null, userErrors: outcome.error.map(toGraphError) }
  const { addressId, customer } = outcome.value
  const address = customer.addresses.find((candidate) => candidate.addressId === addressId)
  return { customer: outcome.value, address: address ?? null, userErrors: [] }
}

function toGraphError(refusal: ChangeRefusal): ReturnType<typeof toUserError> {
  return toUserError(refusal, refusal.code === 'VERSION_CONFLICT' ? 'CustomerVersionConflict' : undefined)
}

function toRegistration(
  { name, email, language, marketingConsent }: RegisterInput,
  request: RequestContext,
): Required<ProfileChange> {
  return { name, email, language: language ?? request.language, marketingConsent: marketingConsent ?? false }
}

/** Null and absent both mean: leave it. */
function toChange({ name, email, language, marketingConsent }: ProfileInput): ProfileChange {
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof email === 'string' && { email }),
    ...(typeof language === 'string' && { language }),
    ...(typeof marketingConsent === 'boolean' && { marketingConsent }),
  }
}

function toFields({ line2, ...fields }: AddressInput): AddressFields {
  return { ...fields, ...(typeof line2 === 'string' && { line2 }) }
}
