import type { Keeper } from './keeper';

/** jest loads the set-up and the teardown apart, so what the one leaves to the other is global. */
const held = globalThis as { dozlabClusterKeeper?: Keeper };

export const holdKeeper = (keeper: Keeper): void => {
  held.dozlabClusterKeeper = keeper;
};

export const heldKeeper = (): Keeper | undefined => held.dozlabClusterKeeper;
