import { and, checkEach, equals, matches, not, refuse, text } from '@dozlab/charts';
import { isNetwork, networkOf } from '../values/template-functions';
import type { ChartRule } from './rule';

const NO_HOST = /\.(0|255)$|^(0|127|22[4-9]|2[3-5][0-9])\./;

export const addressesAreNeighbours: ChartRule = ({ network: { gatewayIp, vmIp } }) => {
  const addresses = { gatewayIp, vmIp };
  const isSame = equals(gatewayIp, vmIp);
  return [
    ...(['gatewayIp', 'vmIp'] as const).flatMap((key) =>
      refuse(
        matches(addresses[key], NO_HOST),
        ['network', key],
        `is ${addresses[key]}, which no host can have in a /24; accepted: an address such as 172.16.0.2`,
        'wrong-value',
      ),
    ),
    ...refuse(
      isSame,
      ['network', 'vmIp'],
      `is ${vmIp}, the gateway's address too; accepted: another address in ${networkOf(gatewayIp)}.0/24`,
    ),
    ...refuse(
      and(not(isSame), not(equals(networkOf(gatewayIp), networkOf(vmIp)))),
      ['network', 'vmIp'],
      `is ${vmIp}, outside the gateway's network; accepted: an address in ${networkOf(gatewayIp)}.0/24`,
    ),
  ];
};

/** The schema checks it here, but Helm's schema cannot. */
export const rangesAreNetworks: ChartRule = ({ networkPolicy }) =>
  checkEach(networkPolicy.blockedRanges, (range, index) =>
    refuse(
      not(and(isNetwork(range), not(matches(range, /\/0$/)))),
      ['networkPolicy', 'blockedRanges', index],
      `is ${range}; accepted: a range of IPv4 addresses whose host bits are zero, such as 10.0.0.0/8`,
      'wrong-value',
    ),
  );

/** Helm 3 drops a port that another one of the Service has. */
export const portsDiffer: ChartRule = ({ service: { ports } }) => {
  const port = { vscode: text(ports.vscode), terminal: text(ports.terminal), ssh: text(ports.ssh) };
  const isSame = (one: keyof typeof port, other: keyof typeof port) => equals(port[one], port[other]);
  const differs = (name: keyof typeof port, first: keyof typeof port) =>
    refuse(
      name === 'ssh' && first === 'terminal'
        ? and(isSame(name, first), not(isSame(name, 'vscode')))
        : isSame(name, first),
      ['service', 'ports', name],
      `is ${port[name]}, the port of ${first} too; accepted: a port of its own`,
    );
  return [...differs('terminal', 'vscode'), ...differs('ssh', 'vscode'), ...differs('ssh', 'terminal')];
};
