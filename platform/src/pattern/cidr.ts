import { BlockList, isIP } from 'node:net'
import type { Test } from './branch.ts'
import { type Problems, shown } from './problem.ts'

/** `{"cidr": "10.0.0.0/24"}` or `{"cidr": "2001:db8::/32"}`; an address of the other family never matches. */
export function parseCidr(operand: unknown, path: string, problems: Problems): Test | undefined {
  const block = typeof operand === 'string' ? parseBlock(operand) : undefined
  if (!block) {
    problems.add(
      path,
      `Expected an address block such as "10.0.0.0/24" or "2001:db8::/32", got ${shown(operand)}.`,
    )
    return undefined
  }
  const { family, list } = block
  // A zone (fe80::1%eth0) names a local interface; BlockList does not take it.
  return (value) =>
    typeof value === 'string' &&
    isIP(value) === family &&
    !value.includes('%') &&
    list.check(value, familyName(family))
}

interface Block {
  readonly family: number
  readonly list: BlockList
}

function parseBlock(text: string): Block | undefined {
  const [address = '', bits = '', ...rest] = text.split('/')
  const family = isIP(address)
  const length = /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN
  if (family === 0 || address.includes('%') || rest.length > 0) return undefined
  if (!(length <= (family === 4 ? 32 : 128))) return undefined
  const list = new BlockList()
  list.addSubnet(address, length, familyName(family))
  return { family, list }
}

function familyName(family: number): 'ipv4' | 'ipv6' {
  return family === 4 ? 'ipv4' : 'ipv6'
}
