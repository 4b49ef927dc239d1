import type { ValueProblem } from '../../core/diagnostics';
import { error, type Rule } from './rule';

export const addressesAreNeighbours: Rule = ({ network: { gatewayIp, vmIp } }) => {
  const problems: ValueProblem[] = [];
  const net = (address: string) => address.slice(0, address.lastIndexOf('.'));
  for (const [key, address] of Object.entries({ gatewayIp, vmIp })) {
    if (/\.(0|255)$/.test(address) || /^(0|127|22[4-9]|2[3-5][0-9])\./.test(address)) {
      problems.push(
        error(
          ['network', key],
          `is ${address}, which no host can have in a /24; accepted: an address such as 172.16.0.2`,
          'wrong-value',
        ),
      );
    }
  }
  if (gatewayIp === vmIp)
    problems.push(
      error(
        ['network', 'vmIp'],
        `is ${vmIp}, the gateway's address too; accepted: another address in ${net(gatewayIp)}.0/24`,
      ),
    );
  else if (net(gatewayIp) !== net(vmIp)) {
    problems.push(
      error(
        ['network', 'vmIp'],
        `is ${vmIp}, outside the gateway's network; accepted: an address in ${net(gatewayIp)}.0/24`,
      ),
    );
  }
  return problems;
};

export const portsDiffer: Rule = ({ service: { ports } }) =>
  Object.entries(ports).flatMap(([name, port]) => {
    const first = Object.entries(ports).find(([, other]) => other === port)?.[0];
    return first === name
      ? []
      : [
          error(
            ['service', 'ports', name],
            `is ${String(port)}, the port of ${first ?? ''} too; accepted: a port of its own`,
          ),
        ];
  });
