import { readFileSync } from 'node:fs';
import { bundled } from './bundles.mjs';
import { noticesOf } from './notices.mjs';
import { path } from './paths.mjs';

const SOURCE = 'images/terminal';
const OUTPUT = 'build/images/terminal';

/** ssh2 and ws try these and do without them. A container has no compiler. */
const noNativeParts = {
  name: 'no-native-parts',
  setup({ onResolve, onLoad }) {
    const filter = /^(cpu-features|bufferutil|utf-8-validate)$|\.node$/;
    onResolve({ filter }, ({ path: name }) => ({ path: name, namespace: 'left-out' }));
    onLoad({ filter: /./, namespace: 'left-out' }, ({ path: name }) => ({
      contents: `throw new Error('${name} is left out');`,
    }));
  },
};

/** All files of the image of the terminal: the server in one file, the page, and the licences of both. */
export async function bundleTerminalImage() {
  const [server, page] = await Promise.all([
    bundled({
      entryPoints: [`${SOURCE}/src/main.ts`],
      outfile: `${OUTPUT}/server.js`,
      format: 'cjs',
      minifySyntax: true,
      minifyWhitespace: true,
      plugins: [noNativeParts],
    }),
    bundled({
      entryPoints: [`${SOURCE}/page/page.ts`, `${SOURCE}/page/page.css`],
      outdir: OUTPUT,
      platform: 'browser',
      target: ['chrome111', 'firefox115', 'safari16.4'],
      format: 'iife',
      minify: true,
    }),
  ]);
  return [
    ...server.files,
    ...page.files,
    { path: `${OUTPUT}/index.html`, content: readFileSync(path(`${SOURCE}/page/index.html`), 'utf8') },
    { path: `${OUTPUT}/THIRD-PARTY-NOTICES`, content: noticesOf([...server.inputs, ...page.inputs]) },
  ];
}
