#!/usr/bin/env node
// Makes example.bin and example-root.pem beside it, with the openssl command and Node alone: none of this project's code takes part.
// The keys are thrown away, so it cannot be made again, only anew; then the tables of ../attestation-verification.md change with it.
// usage: make-example.mjs
import { execFileSync } from 'node:child_process';
import { createHash, createPrivateKey, sign, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'example-'));
const openssl = (...args) => execFileSync('openssl', args, { cwd: scratch, stdio: ['ignore', 'pipe', 'pipe'] });

const authority = (pathLength) =>
  `basicConstraints=critical,CA:TRUE${pathLength}\nkeyUsage=critical,digitalSignature,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n`;
const levels = [
  { name: 'root', days: '10950', extensions: authority('') },
  { name: 'regional', days: '20', extensions: authority(',pathlen:2') },
  { name: 'zonal', days: '6', extensions: authority(',pathlen:1') },
  { name: 'instance', days: '2', extensions: authority(',pathlen:0') },
  { name: 'leaf', days: '1', extensions: 'basicConstraints=critical,CA:FALSE\nkeyUsage=digitalSignature,nonRepudiation\n' },
];
levels.forEach(({ name, days, extensions }, i) => {
  fs.writeFileSync(path.join(scratch, `${name}.ext`), extensions);
  openssl('ecparam', '-name', 'secp384r1', '-genkey', '-noout', '-out', `${name}.key`);
  openssl('req', '-new', '-sha384', '-key', `${name}.key`, '-subj', `/O=INSECURE EXAMPLE/CN=${name}`, '-out', `${name}.csr`);
  const signer = i === 0 ? ['-signkey', 'root.key'] : ['-CA', `${levels[i - 1].name}.pem`, '-CAkey', `${levels[i - 1].name}.key`, '-CAcreateserial'];
  openssl('x509', '-req', '-sha384', '-in', `${name}.csr`, ...signer, '-days', days, '-extfile', `${name}.ext`, '-out', `${name}.pem`);
});
const der = levels.map(({ name }) => new X509Certificate(fs.readFileSync(path.join(scratch, `${name}.pem`))).raw);

const head = (major, n) => {
  if (n < 24) return Buffer.from([major << 5 | n]);
  if (n < 0x100) return Buffer.from([major << 5 | 24, n]);
  if (n < 0x10000) return Buffer.from([major << 5 | 25, n >> 8, n & 255]);
  const eight = Buffer.alloc(9);
  eight[0] = major << 5 | 27;
  eight.writeBigUInt64BE(BigInt(n), 1);
  return eight;
};
const bytes = (b) => Buffer.concat([head(2, b.length), b]);
const text = (t) => Buffer.concat([head(3, t.length), Buffer.from(t)]);
const array = (...items) => Buffer.concat([head(4, items.length), ...items]);
const map = (...pairs) => Buffer.concat([head(5, pairs.length), ...pairs.flat()]);
const sha384 = (t) => createHash('sha384').update(t).digest();

const pcrs = Array.from({ length: 16 }, (_, i) => [head(0, i), bytes([0, 1, 2, 4].includes(i) ? sha384(`example PCR${i}`) : Buffer.alloc(48))]);
const payload = Buffer.concat([
  Buffer.from([0xbf]), // a map of indefinite length, as the hardware has made it since 2025
  text('module_id'), text('i-0123456789abcdef0-enc0123456789abcdef'),
  text('digest'), text('SHA384'),
  text('timestamp'), head(0, Date.now()),
  text('pcrs'), map(...pcrs),
  text('certificate'), bytes(der.at(-1)),
  text('cabundle'), array(...der.slice(0, -1).map(bytes)),
  text('public_key'), Buffer.from([0xf6]),
  text('user_data'), bytes(Buffer.from('example')),
  text('nonce'), bytes(Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex')),
  Buffer.from([0xff]),
]);
const header = Buffer.from('a1013822', 'hex');
const toBeSigned = array(text('Signature1'), bytes(header), bytes(Buffer.alloc(0)), bytes(payload));
const key = createPrivateKey(fs.readFileSync(path.join(scratch, 'leaf.key')));
const signature = sign('sha384', toBeSigned, { key, dsaEncoding: 'ieee-p1363' });
fs.writeFileSync(path.join(import.meta.dirname, 'example.bin'), array(bytes(header), map(), bytes(payload), bytes(signature)));
fs.copyFileSync(path.join(scratch, 'root.pem'), path.join(import.meta.dirname, 'example-root.pem'));
fs.rmSync(scratch, { recursive: true });
