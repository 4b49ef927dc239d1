import {
  and,
  asBoolean,
  checkEntries,
  choose,
  entry,
  equals,
  isSet,
  matches,
  not,
  or,
  orElse,
  refuse,
  text,
} from '@dozlab/charts';
import { isWhole, nano } from '../values/quantity';
import { vmMemoryLimit } from '../values/sizing';
import {
  diskVolumeSizeOf,
  entryOf,
  exceeds,
  exceedsEntry,
  isCountable,
  sumOfBytes,
  vmCpuLimitOf,
  vmMemoryLimitOf,
} from '../values/quantity-functions';
import { CONTAINERS, containerOf, settingsOf } from './containers';
import { type ChartRule, error, type Rule, warning } from './rule';

export const vmFitsItsLimits: ChartRule = ({ firecracker: { vm, resources } }) => {
  const path = ['firecracker', 'resources', 'limits'];
  const memory = orElse(entry(resources.limits, 'memory'), vmMemoryLimitOf(vm.memory));
  const cpu = orElse(entry(resources.limits, 'cpu'), vmCpuLimitOf(vm.cpuCount));
  const [vmMemory, vmCpu] = [text(vm.memory), text(vm.cpuCount)];
  return [
    ...refuse(
      exceeds(`${vmMemory}Mi`, memory),
      [...path, 'memory'],
      `is ${memory}, less than the microVM's ${vmMemory} MiB: it would be killed; accepted: at least ${vmMemory}Mi, better ${vmMemoryLimitOf(vm.memory)}, or leave it out`,
    ),
    ...refuse(
      exceeds(vmCpu, cpu),
      [...path, 'cpu'],
      `is ${cpu}, less than the microVM's ${vmCpu} CPUs; accepted: at least ${vmCpu}, better ${vmCpuLimitOf(vm.cpuCount)}, or leave it out`,
    ),
  ];
};

export const vmLeavesRoom: Rule = ({ firecracker: { vm, resources } }) => {
  const { memory } = resources.limits;
  if (memory === undefined || nano(memory) !== nano(`${String(vm.memory)}Mi`)) return [];
  const message = `is ${String(memory)}, all of which the microVM takes: Firecracker needs some itself; better ${vmMemoryLimit(vm.memory)}, or leave it out`;
  return [warning(['firecracker', 'resources', 'limits', 'memory'], message, 'tight-fit')];
};

/** A share of the memory that the values ask for is on purpose. */
export const vmMemoryIsRequested: Rule = ({ firecracker: { vm, resources } }) => {
  const { memory } = resources.requests;
  if (memory === undefined || nano(memory) >= nano(`${String(vm.memory)}Mi`)) return [];
  const message = `is ${String(memory)}, less than the microVM's ${String(vm.memory)} MiB, so that nodes hold more sessions than they have memory for, and kill some when the microVMs use it; better leave it out, or set firecracker.memoryRequestPercent`;
  return [warning(['firecracker', 'resources', 'requests', 'memory'], message, 'overcommit')];
};

const tooMuch = (request: string, limit: string): string =>
  `asks for ${request}, more than the limit ${limit}; accepted: a request that is not above the limit`;

export const requestsFitLimits: ChartRule = (view) => [
  ...CONTAINERS.flatMap((path) => {
    const { limits, requests } = settingsOf(view, path).resources;
    return checkEntries(requests, (name, request) =>
      refuse(
        exceedsEntry(request, limits, name),
        [...path, 'resources', 'requests', name],
        tooMuch(text(request), entryOf(limits, name)),
      ),
    );
  }),
  ...derivedLimitsFit(view),
  ...derivedRequestsFit(view),
];

/** Limits that are not given follow the microVM. */
const derivedLimitsFit: ChartRule = ({ firecracker: { vm, resources } }) =>
  Object.entries({ cpu: vmCpuLimitOf(vm.cpuCount), memory: vmMemoryLimitOf(vm.memory) }).flatMap(([name, limit]) => {
    const request = orElse(entry(resources.requests, name), '0');
    return refuse(
      and(not(isSet(entry(resources.limits, name))), exceeds(request, limit)),
      ['firecracker', 'resources', 'requests', name],
      tooMuch(request, limit),
    );
  });

const DISK = 'ephemeral-storage';

/** Requests of disk space that are not given are the container's own volumes. */
const derivedRequestsFit: ChartRule = (view) => {
  const { kernels, vmData, vscodeData } = view.volumes;
  const sizeOf = ({ persistence }: typeof vmData, size: string): string => choose(persistence.enabled, '0', size);
  const needs = {
    firecracker: sumOfBytes(
      choose(kernels.persistence.enabled, '0', orElse(kernels.sizeLimit, diskVolumeSizeOf(view.rootfs.diskSize))),
      sizeOf(vmData, text(vmData.sizeLimit)),
    ),
    codeServer: sumOfBytes(sizeOf(vscodeData, text(vscodeData.sizeLimit))),
  };
  return (['firecracker', 'codeServer'] as const).flatMap((name) => {
    const { limits, requests } = view[name].resources;
    const limit = orElse(entry(limits, DISK), '0');
    return refuse(
      and(isSet(entry(limits, DISK)), not(isSet(entry(requests, DISK))), exceeds(needs[name], limit)),
      [name, 'resources', 'limits', DISK],
      tooMuch(needs[name], limit),
    );
  });
};

const NATIVE = /^(cpu|memory|ephemeral-storage)$/;
const HUGE_PAGES = /^hugepages-([1-9][0-9]{0,5}[KMG]i)$/;

const KEPT_FOR_KUBERNETES = /^([^/]*\.)?kubernetes\.io\/|^requests\./;

const isExtended = (name: string) =>
  and(matches(name, /^[^/]{1,244}\/[^/]+$/), not(matches(name, KEPT_FOR_KUBERNETES)));

export const resourcesAreKnown: ChartRule = (view) =>
  CONTAINERS.flatMap((path) => {
    const { resources } = settingsOf(view, path);
    return (['limits', 'requests'] as const).flatMap((kind) =>
      checkEntries(resources[kind], (name, quantity) => {
        const at = [...path, 'resources', kind, name];
        const [isNative, isWholeAmount] = [matches(name, NATIVE), isCountable(quantity)];
        const isKnown = or(isExtended(name), matches(name, HUGE_PAGES));
        return [
          ...refuse(
            and(isNative, not(equals(name, 'cpu')), not(isWholeAmount)),
            at,
            `is ${text(quantity)}, not a whole number of bytes; accepted: a size such as 512Mi`,
            'wrong-value',
          ),
          ...refuse(
            and(not(isNative), not(isKnown)),
            at,
            'is not a resource of Kubernetes; accepted: cpu, memory, ephemeral-storage, hugepages-<size>, or an extended resource such as example.com/gpu',
            'wrong-value',
          ),
          ...refuse(
            and(not(isNative), isKnown, not(isWholeAmount)),
            at,
            `is ${text(quantity)}; accepted: a whole number`,
            'wrong-value',
          ),
        ];
      }),
    );
  });

/** Kubernetes refuses these itself, before anything is made. */
export const resourcesAreAccepted: Rule = (values) =>
  CONTAINERS.flatMap((path) => {
    const { limits, requests } = containerOf(values, path).resources;
    return (['limits', 'requests'] as const).flatMap((kind) =>
      Object.entries(kind === 'limits' ? limits : requests).flatMap(([name, quantity]) => {
        const at = [...path, 'resources', kind, name];
        const page = HUGE_PAGES.exec(name)?.[1];
        const isOther = !NATIVE.test(name) && (page !== undefined || asBoolean(isExtended(name)));
        if (!isOther || !isWhole(quantity)) return [];
        if (page !== undefined && nano(quantity) % nano(page) !== 0n) {
          return [error(at, `is ${String(quantity)}; accepted: a whole number of pages of ${page}`, 'wrong-value')];
        }
        const all = { ...limits, ...requests };
        if (
          page !== undefined &&
          path[0] !== 'firecracker' &&
          !Object.hasOwn(all, 'cpu') &&
          !Object.hasOwn(all, 'memory')
        ) {
          return [
            error(at, 'asks for huge pages alone; accepted: with cpu or memory, which Kubernetes wants beside them'),
          ];
        }
        const limit = Object.hasOwn(limits, name) ? limits[name] : undefined;
        return kind === 'requests' && (limit === undefined || nano(limit) !== nano(quantity))
          ? [
              error(
                at,
                `asks for ${String(quantity)} while the limit is ${limit === undefined ? 'not given' : String(limit)}; accepted: a limit that equals the request, as Kubernetes does not overcommit ${name}`,
              ),
            ]
          : [];
      }),
    );
  });

export const devicesDiffer: ChartRule = ({ firecracker: { devices, resources } }) => [
  ...refuse(
    and(not(equals(devices.kvm, '')), equals(devices.kvm, devices.tun)),
    ['firecracker', 'devices', 'tun'],
    `is ${devices.tun}, which firecracker.devices.kvm is too; accepted: another resource, or nothing`,
  ),
  ...checkEntries(resources.requests, (name) =>
    refuse(
      or(equals(name, devices.kvm), equals(name, devices.tun)),
      ['firecracker', 'resources', 'requests', name],
      'is a device of firecracker.devices, of which one is asked for already; accepted: leave it out',
    ),
  ),
  ...(['kvm', 'tun'] as const).flatMap((device) =>
    refuse(
      matches(devices[device], KEPT_FOR_KUBERNETES),
      ['firecracker', 'devices', device],
      `is ${devices[device]}, a name that Kubernetes keeps for itself; accepted: a resource of a domain of your own`,
      'wrong-value',
    ),
  ),
];
