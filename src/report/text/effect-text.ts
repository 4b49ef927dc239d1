import { CLAIM } from '../changes/claims';
import { code } from './markdown-text';
import type { PodEffect } from '../changes/pod-effect';

/** What becomes of a pod, in words. */
export function effectText({ kind, lost, kept, refused }: PodEffect): string {
  const keeps = kept.length === 0 ? '' : `; claims keep: ${contents(kept)}`;
  const loses = lost.length === 0 ? '' : ` and loses: ${contents(lost)}`;
  switch (kind) {
    case 'runs on':
      return lost.length === 0
        ? 'its pod stays as it is: nothing is lost'
        : `**goes on without what is in its claims${loses}**${keeps}`;
    case 'starts':
      return loses === '' ? 'starts' : `**starts${loses}**${keeps}`;
    case 'restarts':
      return `**restarts${loses}**${loses + keeps === '' ? '; what is in its volumes stays' : keeps}`;
    case 'stops':
      return `**stops${loses}**${keeps}`;
    case 'is made anew':
      return `**is made anew${loses}**${keeps}`;
    case 'cannot change':
      return `**cannot change**: the cluster refuses it, ${refused === CLAIM ? REFUSED_CLAIM : REFUSED_POD}`;
  }
}

/** What is in volumes. Those that are not ours have any name. */
export const contents = (all: readonly string[]): string =>
  all.map((each) => (/^[A-Za-z -]+$/.test(each) ? each : code(each))).join(', ');

const REFUSED_POD = 'as the session is a Pod without a Deployment; end it first, or give it another id';
const REFUSED_CLAIM =
  'as a claim keeps its storage class and access modes, and never shrinks; end the session first, or give it another id';
