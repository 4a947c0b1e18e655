import type { EventMeta } from '@stoa/platform/event'
import { Fault } from '@stoa/platform/fault'
import { type CommandPorts, newEvent } from '@stoa/platform/handle-command'
import {
  type IdempotencyKey,
  idempotencyRow,
  type KeyReused,
  readIdempotent,
} from '@stoa/platform/idempotency'
import { err, ok, type Result } from '@stoa/platform/result'
import type { ProductDecision, ProductRefusal } from '../domain/product.ts'
import { loadProducts, productRow, type StoredProduct } from './product-rows.ts'

export interface ChangeRequest {
  readonly productId: string
  readonly decide: (now: StoredProduct) => Result<ProductDecision, ChangeRefusal>
  readonly meta: EventMeta
  /** Same key, same answer, one effect. Reactions use the id of the event they react to. */
  readonly idempotency?: IdempotencyKey
}

export type ChangeRefusal = ProductRefusal | VersionConflict | KeyReused

export interface VersionConflict {
  readonly code: 'VERSION_CONFLICT'
  readonly message: string
  readonly path: readonly string[]
  readonly currentVersion: number
}

/** Tries to win a race this often before saying CONFLICT. */
const MAX_TRIES = 12

/** Load, decide, then write the row, its facts and the idempotency record in one transaction; again on conflict. */
export async function changeProduct(
  ports: CommandPorts,
  request: ChangeRequest,
): Promise<Result<StoredProduct, ChangeRefusal>> {
  for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
    const answered = await readIdempotent<object>(ports.store, request.idempotency)
    if (answered && !answered.ok) return answered
    const [now] = await loadProducts(ports.store, [request.productId])
    if (!now) return err(notFound(request.productId))
    if (answered) return ok(now)
    const decided = request.decide(now)
    if (!decided.ok) return decided
    const written = await write(ports, request, { now, decision: decided.value })
    if (written) return ok(written)
  }
  throw new Fault(
    'CONFLICT',
    `Product ${request.productId} changed ${MAX_TRIES} times while we decided. Try again.`,
  )
}

/** The product as it is then, or undefined when somebody else was first. */
async function write(
  { store, clock, random }: CommandPorts,
  { idempotency, meta }: ChangeRequest,
  { now, decision }: { readonly now: StoredProduct; readonly decision: ProductDecision },
): Promise<StoredProduct | undefined> {
  const record = idempotency ? [idempotencyRow(idempotency, {}, clock.now())] : []
  const told = decision.facts.length
  if (told === 0) {
    if (record.length === 0) return now
    return (await store.commit({ rows: record })).ok ? now : undefined
  }
  const facts = now.product.facts + told
  const product = { ...decision.product, facts }
  const events = decision.facts.map((fact) => newEvent({ clock, random }, fact, meta))
  const committed = await store.commit({
    appends: [{ stream: `product-${product.productId}`, expectedVersion: now.product.facts, events }],
    rows: [productRow(product, { version: now.version }), ...record],
  })
  return committed.ok ? { product, version: now.version + 1 } : undefined
}

function notFound(productId: string): ProductRefusal {
  return {
    code: 'PRODUCT_NOT_FOUND',
    message: `There is no product "${productId}". Look it up with products(filter: { text: … }).`,
    path: ['productId'],
  }
}
