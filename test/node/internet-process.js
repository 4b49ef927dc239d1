'use strict';
// Serves the files of a folder over HTTP: node internet-process.js FOLDER ADDRESS. A process of its own, as tests wait for kubectl. It prints its
// port, and ends at the end of its standard input.
const { createReadStream, statSync } = require('node:fs');
const { createServer } = require('node:http');
const { join, normalize } = require('node:path');

const [folder, address] = process.argv.slice(2);
const server = createServer((request, response) => {
  const path = join(folder, normalize(new URL(request.url, 'http://x').pathname));
  let size;
  try {
    ({ size } = statSync(path));
  } catch {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { 'content-length': size, etag: '"1"' });
  createReadStream(path).pipe(response);
});
server.listen(0, address, () => process.stdout.write(`${server.address().port}\n`));
process.stdin.on('end', () => process.exit()).resume();
