import type { Manifest } from '@dozlab/charts/yaml';
import { at } from '@dozlab/charts/schema';
import { quantityOf, type Amounts } from '../model/pod-requests';
import { boundedAmounts } from './pod-resources';
import { amountOf, amountsOf, podSpecOf, type PodSpec, type Quantities } from './resource-list';

/** An item of a LimitRange (Kubernetes, "Limit Ranges"). */
export interface LimitRangeItem {
  readonly type: string;
  readonly max?: Quantities;
  readonly min?: Quantities;
  readonly default?: Quantities;
  readonly defaultRequest?: Quantities;
  readonly maxLimitRequestRatio?: Quantities;
}

export type LimitRange = readonly LimitRangeItem[];

/** As the API server stores it: `max` is the default limit, and that or `min` the default request. */
export function storedItem(item: LimitRangeItem): LimitRangeItem {
  if (item.type !== 'Container') return item;
  const limits = { ...item.max, ...item.default };
  return { ...item, default: limits, defaultRequest: { ...item.min, ...limits, ...item.defaultRequest } };
}

export interface OutOfBounds {
  readonly resource: string;
  readonly message: string;
}

/** All bounds that a pod with all defaults, or a claim, breaks. */
export function boundsBroken(range: LimitRange, object: Manifest): OutOfBounds[] {
  if (object.kind === 'Pod') return range.flatMap((item) => podBreaks(item, podSpecOf(object)));
  if (object.kind !== 'PersistentVolumeClaim') return [];
  const requests = amountsOf(at(object, ['spec', 'resources', 'requests']) as Quantities | undefined);
  return range
    .filter(({ type }) => type === 'PersistentVolumeClaim')
    .flatMap(({ type, min, max }) => [
      ...broken(min, (resource, least, text) => below(resource, least, text, { type, requests, limits: new Map() })),
      ...broken(max, (resource, most, text) =>
        above(resource, most, text, { type, requests, limits: new Map() }, 'request'),
      ),
    ]);
}

interface Bounded {
  readonly type: string;
  readonly requests: Amounts;
  readonly limits: Amounts;
}

function podBreaks(item: LimitRangeItem, spec: PodSpec): OutOfBounds[] {
  const { type } = item;
  if (type === 'Container')
    return [...(spec.containers ?? []), ...(spec.initContainers ?? [])].flatMap(({ resources = {} }) =>
      breaks(item, { type, requests: amountsOf(resources.requests), limits: amountsOf(resources.limits) }),
    );
  if (type === 'Pod')
    return breaks(item, { type, requests: boundedAmounts(spec, 'requests'), limits: boundedAmounts(spec, 'limits') });
  return [];
}

const breaks = ({ min, max, maxLimitRequestRatio }: LimitRangeItem, bounded: Bounded): OutOfBounds[] => [
  ...broken(min, (resource, least, text) => below(resource, least, text, bounded)),
  ...broken(max, (resource, most, text) => above(resource, most, text, bounded, 'limit')),
  ...broken(maxLimitRequestRatio, (resource, ratio, text) => tooFarApart(resource, ratio, text, bounded)),
];

const broken = (
  bounds: Quantities = {},
  problem: (resource: string, bound: bigint, text: string) => string | undefined,
): OutOfBounds[] =>
  Object.entries(bounds).flatMap(([resource, bound]) => {
    const message = problem(resource, amountOf(bound), String(bound));
    return message === undefined ? [] : [{ resource, message }];
  });

function below(resource: string, least: bigint, text: string, { type, requests, limits }: Bounded): string | undefined {
  const [request, limit] = [requests.get(resource), limits.get(resource)];
  const is = `minimum ${resource} usage per ${type} is ${text}`;
  if (request === undefined) return `${is}.  No request is specified`;
  if (request < least) return `${is}, but request is ${quantityOf(resource, request)}`;
  return limit !== undefined && limit < least ? `${is}, but limit is ${quantityOf(resource, limit)}` : undefined;
}

function above(
  resource: string,
  most: bigint,
  text: string,
  { type, requests, limits }: Bounded,
  needed: 'limit' | 'request',
): string | undefined {
  const [request, limit] = [requests.get(resource), limits.get(resource)];
  const is = `maximum ${resource} usage per ${type} is ${text}`;
  if ((needed === 'limit' ? limit : request) === undefined) return `${is}.  No ${needed} is specified`;
  if (limit !== undefined && limit > most) return `${is}, but limit is ${quantityOf(resource, limit)}`;
  return request !== undefined && request > most ? `${is}, but request is ${quantityOf(resource, request)}` : undefined;
}

/** With the API server's floating-point numbers. */
function tooFarApart(
  resource: string,
  ratio: bigint,
  text: string,
  { type, requests, limits }: Bounded,
): string | undefined {
  const [request = 0n, limit = 0n] = [requests.get(resource), limits.get(resource)];
  const is = `${resource} max limit to request ratio per ${type} is ${text}`;
  if (request === 0n) return `${is}, but no request is specified or request is 0`;
  if (limit === 0n) return `${is}, but no limit is specified or limit is 0`;
  const observed = (Number(milli(limit)) / Number(milli(request))) * 1000;
  return observed > Number(milli(ratio)) ? `${is}, but provided ratio is ${(observed / 1000).toFixed(6)}` : undefined;
}

const milli = (amount: bigint): bigint => amount / 10n ** 6n;
