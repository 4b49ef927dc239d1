/**
 * npm run test:node: builds tools and images, makes a machine, and runs jest in it.
 *
 *   npm run test:node -- [ARGUMENTS OF JEST]
 *   npm run test:node -- --build    only builds what is kept in the cache
 */
import { join } from 'node:path';
import { requireGo } from '../cluster/go';
import { Keeper } from '../cluster/keeper';
import { binFolder, buildTools } from '../cluster/tools';
import { requirePackages } from './debian-packages';
import { imageFolder } from './images/image-cache';
import { buildImages } from './images/images';
import { Machine, stackableFolder } from './machine';
import { NODE_TOOLS } from './tools';

const JEST = join(__dirname, '..', '..', 'node_modules', 'jest', 'bin', 'jest.js');

async function build(bin: string): Promise<void> {
  const keeper = new Keeper(stackableFolder('dozlab-node-build-'));
  try {
    await buildTools(keeper, bin, NODE_TOOLS);
    await buildImages(bin);
  } finally {
    await keeper.stop();
  }
}

async function main(args: readonly string[]): Promise<number> {
  if (process.getuid?.() !== 0) throw new Error('the tests on a real node need root: they make namespaces and mounts');
  requirePackages();
  requireGo();
  const bin = binFolder();
  await build(bin);
  if (args.includes('--build')) return 0;
  const machine = await Machine.start(bin, imageFolder());
  try {
    return await machine.run(process.execPath, [JEST, '--config', 'jest.node.config.js', ...args]);
  } finally {
    await machine.stop();
  }
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  },
);
