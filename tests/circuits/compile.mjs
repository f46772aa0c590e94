// Compiles tiny and makes its witness (root 3, square 9) with Noir's npm packages:
//   npm install --prefix /tmp/noir @noir-lang/noir_wasm@1.0.0-beta.26 @noir-lang/noir_js@1.0.0-beta.26
//   NODE_MODULES=/tmp/noir/node_modules node tests/circuits/compile.mjs
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(path.join(process.env.NODE_MODULES ?? './node_modules', 'x.js'));
const { compile, createFileManager } = require('@noir-lang/noir_wasm');
const { Noir } = require('@noir-lang/noir_js');

const folder = path.join(import.meta.dirname, 'tiny');
const { program } = await compile(createFileManager(folder));
const { noir_version, hash, abi, bytecode } = program;
fs.writeFileSync(path.join(folder, 'prog.json'), JSON.stringify({ noir_version, hash, abi, bytecode }, null, 2) + '\n');
const { witness } = await new Noir(program).execute({ root: 3, square: 9 });
fs.writeFileSync(path.join(folder, 'witness.gz'), witness);
