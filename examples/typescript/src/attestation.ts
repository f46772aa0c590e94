// An attestation document: is it a Nitro Security Module's, of the image that is meant, for this nonce, now?
// docs/attestation-verification.md says what is checked and why; this is the least that a caller needs.
import { createHash, verify, X509Certificate } from 'node:crypto';
import { type Cbor, type CborMap, decode, encode } from './cbor.js';

/** SHA-256 of AWS's root certificate (DER): https://docs.aws.amazon.com/enclaves/latest/user/verify-root.html */
export const awsRootSha256 = '641a0321a3e244efe456463195d606317ed7cdcc3c1756e09893f3c68f79bb5b';

export interface Policy {
  /** SHA-256 of the trusted root certificate, hex. */
  rootSha256: string;
  /** The allowed PCRs by index, hex. Name PCR0 at least: without it any enclave would do. */
  pcrs: Map<number, string>;
  /** How old the document may be. */
  maximumAgeMs: number;
}

export interface Claims {
  publicKey: Uint8Array;
  userData: Uint8Array;
}

/** Throws unless the document is accepted. */
export function verifyDocument(document: Uint8Array, nonce: Uint8Array, policy: Policy, now: Date): Claims {
  const sign1 = decode(document);
  if (!Array.isArray(sign1) || sign1.length !== 4) throw new Error('document: not a COSE_Sign1');
  const [protectedHeader, , payload, signature] = sign1;
  require(protectedHeader instanceof Uint8Array && payload instanceof Uint8Array && signature instanceof Uint8Array, 'document: not a COSE_Sign1');
  require(asMap(decode(protectedHeader)).get(1) === -35, 'document: not signed by ES384');
  const claims = asMap(decode(payload));

  const root = chainOf(claims, policy, now);
  const leaf = root.at(-1)!;
  const signed = encode(['Signature1', protectedHeader, new Uint8Array(), payload]);
  require(verify('sha384', signed, { key: leaf.publicKey, dsaEncoding: 'ieee-p1363' }, signature), 'document: the signature does not verify');

  require(claims.get('digest') === 'SHA384', 'document: another digest');
  require(same(bytesOf(claims, 'nonce'), nonce), 'document: it answers another nonce');
  const age = now.getTime() - Number(claims.get('timestamp'));
  require(age <= policy.maximumAgeMs && age >= -30_000, `document: ${age} ms old`);
  const pcrs = asMap(claims.get('pcrs'));
  require(policy.pcrs.size > 0, 'policy: no PCR');
  for (const [index, expected] of policy.pcrs) {
    const value = pcrs.get(index);
    require(value instanceof Uint8Array && Buffer.from(value).toString('hex') === expected.toLowerCase(), `document: another PCR${index}`);
    require(value.some((byte) => byte !== 0) || index !== 0, 'document: debug mode');
  }
  return { publicKey: bytesOf(claims, 'public_key'), userData: bytesOf(claims, 'user_data') };
}

// From the root, which the policy pins, to the leaf: each signs the next, all are valid now, all but the leaf are authorities.
function chainOf(claims: CborMap, policy: Policy, now: Date): X509Certificate[] {
  const bundle = claims.get('cabundle');
  require(Array.isArray(bundle) && bundle.length > 0 && bundle.length <= 8, 'document: no certificates');
  const chain = [...bundle, claims.get('certificate')!].map((der) => {
    require(der instanceof Uint8Array, 'document: no certificate');
    return new X509Certificate(der);
  });
  require(createHash('sha256').update(chain[0]!.raw).digest('hex') === policy.rootSha256, 'chain: the root is not the trusted one');
  chain.forEach((certificate, i) => {
    const issuer = chain[Math.max(0, i - 1)]!;
    require(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey), `chain: certificate ${i} is not signed by the one before`);
    require(new Date(certificate.validFrom) <= now && now <= new Date(certificate.validTo), `chain: certificate ${i} is not valid now`);
    require(certificate.ca === (i < chain.length - 1), `chain: certificate ${i} is ${certificate.ca ? 'an' : 'no'} authority`);
    require(certificate.publicKey.asymmetricKeyDetails?.namedCurve === 'secp384r1', `chain: certificate ${i} has another kind of key`);
  });
  return chain;
}

function asMap(value: Cbor | undefined): CborMap {
  require(value instanceof Map, 'document: no map');
  return value;
}

function bytesOf(map: CborMap, name: string): Uint8Array {
  const value = map.get(name);
  require(value instanceof Uint8Array, `document: no ${name}`);
  return value;
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}

function require(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new Error(otherwise);
}
