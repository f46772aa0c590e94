// usage: node out/prove.js ADDRESS PCRS.json PROGRAM.json WITNESS.gz FOLDER [ROOT.pem]
// Has an enclave prove a Noir circuit, as `enclave prove --pcrs PCRS.json` does: nothing of the witness leaves before the enclave has attested.
import { createHash, randomBytes, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awsRootSha256, verifyDocument } from './attestation.js';
import { type Cbor, type CborMap, decode } from './cbor.js';
import { Connection, operations } from './connection.js';

const [address, measurementsPath, programPath, witnessPath, folder, rootPath] = process.argv.slice(2);
if (!address || !measurementsPath || !programPath || !witnessPath || !folder) {
  console.error('usage: node out/prove.js ADDRESS PCRS.json PROGRAM.json WITNESS.gz FOLDER [ROOT.pem]');
  process.exit(2);
}

const measurements = JSON.parse(readFileSync(measurementsPath, 'utf8')).Measurements as Record<string, string>;
const policy = {
  rootSha256: rootPath ? createHash('sha256').update(new X509Certificate(readFileSync(rootPath)).raw).digest('hex') : awsRootSha256,
  pcrs: new Map([0, 1, 2].map((index) => [index, measurements[`PCR${index}`]!])),
  maximumAgeMs: 300_000,
};

const connection = await Connection.open(address);
try {
  const nonce = new Uint8Array(randomBytes(32));
  const { publicKey, userData } = verifyDocument(await connection.attest(nonce), nonce, policy, new Date());
  const statement = decode(userData) as CborMap;
  console.log(`attested: ${statement.get(2)} ${statement.get(3)}, Barretenberg ${statement.get(4)}, SRS ${statement.get(5)}`);

  const bytecode = new Uint8Array(Buffer.from(JSON.parse(readFileSync(programPath, 'utf8')).bytecode, 'base64'));
  const settings: CborMap = new Map<number, Cbor>([[1, 0], [2, true], [3, false]]); // poseidon2, zero knowledge
  const proof = await connection.callSealed(
    publicKey,
    operations.prove,
    60_000,
    new Map<number, Cbor>([[1, bytecode], [3, new Uint8Array(readFileSync(witnessPath))], [4, settings], [6, false], [7, false]]),
  );
  mkdirSync(folder, { recursive: true });
  for (const [key, name] of [[1, 'proof'], [2, 'public_inputs'], [3, 'vk']] as const) writeFileSync(join(folder, name), proof.get(key) as Uint8Array);
  console.log(`proved in ${proof.get(6)} ms: ${folder}/{proof,public_inputs,vk}`);
} finally {
  connection.close();
}
