import { container, labSession } from '../../support/manifests';

const contextOf = (...capabilities: string[]): unknown =>
  container(labSession({ firecracker: { capabilities } }), 'firecracker-vm').securityContext;

it('the container of the microVM adds the given capabilities, and no others', () => {
  expect(contextOf('NET_ADMIN')).toEqual({ capabilities: { add: ['NET_ADMIN'] } });
  expect(contextOf('SYS_NICE', 'BPF')).toEqual({ capabilities: { add: ['SYS_NICE', 'BPF'] } });
  expect(contextOf()).toBeUndefined();
});
