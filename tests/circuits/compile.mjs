// Compiles the circuits of this folder and makes their witnesses with Noir's npm packages:
//   npm install --prefix /tmp/noir @noir-lang/noir_wasm@1.0.0-beta.26 @noir-lang/noir_js@1.0.0-beta.26
//   NODE_MODULES=/tmp/noir/node_modules node tests/circuits/compile.mjs [NAME ..]
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';

const require = createRequire(path.join(process.env.NODE_MODULES ?? './node_modules', 'x.js'));
const { compile, createFileManager } = require('@noir-lang/noir_wasm');
const { Noir } = require('@noir-lang/noir_js');

const bytes = (hex) => [...Buffer.from(hex, 'hex')];
const numbers = (count, of) => Array.from({ length: count }, (_, i) => of(i));
const inputs = {
  tiny: { root: 3, square: 9 },
  small: { x: 3, y: 5, msg: numbers(64, (i) => i) },
  lookups: { words: numbers(32, (i) => (i * 2654435761) % 2 ** 32), mask: 0x0f0f3355 },
  sha256: { block: numbers(16, (i) => (i * 40503 + 7) % 2 ** 32) },
  keccak: { state: numbers(25, (i) => `${(BigInt(i) * 0x9e3779b97f4a7c15n) % 2n ** 64n}`) },
  curve: { scalar: '0x1234567890abcdef1234567890abcdef', indices: numbers(16, (i) => (i * 7) % 16), table: numbers(16, (i) => i * i) },
  // SHA-256 of "a message", signed with the SHA-256 of "tests/circuits/ecdsa" as the key; RFC 6979, s in the lower half.
  ecdsa: {
    x: bytes('e3049face5b0c2e42b51e8afb8ac541dd575fe66eecd25b2114d8fcf6597001e'),
    y: bytes('953b2b03aedfcbe2aaa76aab01af2ba9eac64dca2b2c933dd2190802d87a0cf9'),
    signature: bytes(
      'c91b4ba048cdea9fee84b346e73a0c83b1d6c08fdac8e374eb3a0af855c2ac7146641b535e3d1499b4f8756992d20450ddd73acdc16c45f069bbedaff172819a'),
    hash: bytes('f53c09ca39717a45c62d9aca8f8113eddbfd5f81dcab0b33b1c1834075225e68'),
  },
};

// recursion: PROOF is the folder that `bb-dev-srs prove --write_vk -t noir-recursive-no-zk` made of tiny.
if (process.env.PROOF) {
  const fields = (name) => {
    const file = fs.readFileSync(path.join(process.env.PROOF, name));
    return numbers(file.length / 32, (i) => `0x${file.subarray(32 * i, 32 * i + 32).toString('hex')}`);
  };
  const [[square], [vk_hash]] = [fields('public_inputs'), fields('vk_hash')];
  inputs.recursion = { vk: fields('vk'), proof: fields('proof'), square, vk_hash };
}

const wanted = process.argv.slice(2);
for (const [name, input] of Object.entries(inputs).filter(([name]) => wanted.length === 0 || wanted.includes(name))) {
  const folder = path.join(import.meta.dirname, name);
  const { program } = await compile(createFileManager(folder));
  const { noir_version, hash, abi, bytecode } = program;
  fs.writeFileSync(path.join(folder, 'prog.json'), JSON.stringify({ noir_version, hash, abi, bytecode }, null, 2) + '\n');
  const { witness } = await new Noir(program).execute(input);
  fs.writeFileSync(path.join(folder, 'witness.gz'), witness);
}
