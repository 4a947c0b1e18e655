/** Whose an order is. */
export interface OrderOwner {
  /** Absent for a guest. */
  readonly customerId?: string
}

/** Who asks, as far as an order cares. */
export interface Viewer {
  readonly customerId: string | undefined
  /** Somebody of the shop who may read every order. */
  readonly readsAll: boolean
}

/** As in orders: a customer hears of their own orders, the holder of its id of a guest's, an operator of all. */
export function mayHear(viewer: Viewer, { customerId }: OrderOwner): boolean {
  return viewer.readsAll || customerId === undefined || customerId === viewer.customerId
}
