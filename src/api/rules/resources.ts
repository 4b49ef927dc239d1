import { isWhole, nano, type Quantity } from '../values/quantity';
import type { SessionValues } from '../values/schema';
import { diskVolumeSize, sumBytes, vmCpuLimit, vmMemoryLimit } from '../values/sizing';
import type { ValueProblem } from '../../core/diagnostics';
import { CONTAINERS, containerOf, type ContainerPath } from './containers';
import { error, warning, type Rule } from './rule';

export const vmFitsItsLimits: Rule = ({ firecracker: { vm, resources } }) => {
  const path = (name: string) => ['firecracker', 'resources', 'limits', name];
  const problems: ValueProblem[] = [];
  const { cpu, memory } = resources.limits;
  if (memory !== undefined && nano(memory) < nano(`${String(vm.memory)}Mi`)) {
    problems.push(
      error(
        path('memory'),
        `is ${String(memory)}, less than the microVM's ${String(vm.memory)} MiB: it would be killed; accepted: at least ${String(vm.memory)}Mi, better ${vmMemoryLimit(vm.memory)}, or leave it out`,
      ),
    );
  } else if (memory !== undefined && nano(memory) === nano(`${String(vm.memory)}Mi`)) {
    problems.push(
      warning(
        path('memory'),
        `is ${String(memory)}, all of which the microVM takes: Firecracker needs some itself; better ${vmMemoryLimit(vm.memory)}, or leave it out`,
        'tight-fit',
      ),
    );
  }
  if (cpu !== undefined && nano(cpu) < nano(String(vm.cpuCount))) {
    problems.push(
      error(
        path('cpu'),
        `is ${String(cpu)}, less than the microVM's ${String(vm.cpuCount)} CPUs; accepted: at least ${String(vm.cpuCount)}, better ${vmCpuLimit(vm.cpuCount)}, or leave it out`,
      ),
    );
  }
  return problems;
};

/** A share of the memory that the values ask for is on purpose. */
export const vmMemoryIsRequested: Rule = ({ firecracker: { vm, resources } }) => {
  const { memory } = resources.requests;
  if (memory === undefined || nano(memory) >= nano(`${String(vm.memory)}Mi`)) return [];
  const message = `is ${String(memory)}, less than the microVM's ${String(vm.memory)} MiB, so that nodes hold more sessions than they have memory for, and kill some when the microVMs use it; better leave it out, or set firecracker.memoryRequestPercent`;
  return [warning(['firecracker', 'resources', 'requests', 'memory'], message, 'overcommit')];
};

export const requestsFitLimits: Rule = (values) =>
  CONTAINERS.flatMap((path) => {
    const { limits, requests } = containerOf(values, path).resources;
    const derived = path[0] === 'firecracker' ? derivedLimits(values) : {};
    const effective: Readonly<Record<string, Quantity>> = { ...derived, ...limits };
    return Object.entries({ ...derivedRequests(values, path), ...requests }).flatMap(([name, request]) => {
      const limit = Object.hasOwn(effective, name) ? effective[name] : undefined;
      const given = Object.hasOwn(requests, name) ? 'requests' : 'limits';
      return limit !== undefined && nano(request) > nano(limit)
        ? [
            error(
              [...path, 'resources', given, name],
              `asks for ${String(request)}, more than the limit ${String(limit)}; accepted: a request that is not above the limit`,
            ),
          ]
        : [];
    });
  });

const derivedLimits = ({ firecracker: { vm } }: SessionValues) => ({
  cpu: vmCpuLimit(vm.cpuCount),
  memory: vmMemoryLimit(vm.memory),
});

/** The disk space of the container's own volumes. */
const derivedRequests = ({ volumes, rootfs }: SessionValues, path: ContainerPath): Record<string, Quantity> => {
  if (path[0] === 'codeServer')
    return { 'ephemeral-storage': volumes.vscodeData.persistence.enabled ? 0 : volumes.vscodeData.sizeLimit };
  if (path[0] !== 'firecracker') return {};
  return {
    'ephemeral-storage': sumBytes(
      volumes.kernels.persistence.enabled ? 0 : (volumes.kernels.sizeLimit ?? diskVolumeSize(rootfs.diskSize)),
      volumes.vmData.persistence.enabled ? 0 : volumes.vmData.sizeLimit,
    ),
  };
};

const NATIVE_RESOURCES = ['cpu', 'memory', 'ephemeral-storage'];

export const resourcesAreKnown: Rule = (values) =>
  CONTAINERS.flatMap((path) => {
    const { limits, requests } = containerOf(values, path).resources;
    return (['limits', 'requests'] as const).flatMap((kind) =>
      Object.entries(kind === 'limits' ? limits : requests).flatMap(([name, quantity]) => {
        const at = [...path, 'resources', kind, name];
        if (NATIVE_RESOURCES.includes(name)) {
          return name !== 'cpu' && !isWhole(quantity)
            ? [
                error(
                  at,
                  `is ${String(quantity)}, not a whole number of bytes; accepted: a size such as 512Mi`,
                  'wrong-value',
                ),
              ]
            : [];
        }
        const extended =
          /^[^/]{1,244}\/[^/]+$/.test(name) &&
          !/^([^/]*\.)?kubernetes\.io\//.test(name) &&
          !name.startsWith('requests.');
        const page = /^hugepages-([1-9][0-9]{0,5}[KMG]i)$/.exec(name)?.[1];
        if (!extended && page === undefined) {
          return [
            error(
              at,
              'is not a resource of Kubernetes; accepted: cpu, memory, ephemeral-storage, hugepages-<size>, or an extended resource such as example.com/gpu',
              'wrong-value',
            ),
          ];
        }
        if (!isWhole(quantity)) return [error(at, `is ${String(quantity)}; accepted: a whole number`, 'wrong-value')];
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

export const devicesDiffer: Rule = ({ firecracker: { devices, resources } }) => {
  const problems: ValueProblem[] = [];
  if (devices.kvm !== '' && devices.kvm === devices.tun) {
    problems.push(
      error(
        ['firecracker', 'devices', 'tun'],
        `is ${devices.tun}, which firecracker.devices.kvm is too; accepted: another resource, or nothing`,
      ),
    );
  }
  for (const name of Object.keys(resources.requests)) {
    if (name === devices.kvm || name === devices.tun) {
      problems.push(
        error(
          ['firecracker', 'resources', 'requests', name],
          'is a device of firecracker.devices, of which one is asked for already; accepted: leave it out',
        ),
      );
    }
  }
  for (const [device, name] of Object.entries(devices)) {
    if (/^([^/]*\.)?kubernetes\.io\//.test(name) || name.startsWith('requests.')) {
      problems.push(
        error(
          ['firecracker', 'devices', device],
          `is ${name}, a name that Kubernetes keeps for itself; accepted: a resource of a domain of your own`,
          'wrong-value',
        ),
      );
    }
  }
  return problems;
};
