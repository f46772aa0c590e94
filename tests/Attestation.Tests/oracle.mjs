// Judges attestation documents with Node's own cryptography, apart from the C# verifier: the tests compare the two.
// stdin: JSON [{document: hex, root: SHA-256 in hex, at: ms}]; stdout: JSON [true or the reason for false].
import { X509Certificate, createHash, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';

const BREAK = Symbol('break');

function decode(bytes) {
  let position = 0;
  const item = () => {
    const head = bytes[position++];
    const major = head >> 5;
    const info = head & 31;
    let argument = BigInt(info);
    if (info >= 24 && info <= 27) {
      const size = 1 << (info - 24);
      argument = BigInt(`0x${bytes.subarray(position, position + size).toString('hex')}`);
      position += size;
    } else if (info > 27 && info < 31) throw new Error('reserved');
    const count = info === 31 ? Infinity : Number(argument);
    const take = () => {
      if (position + count > bytes.length) throw new Error('cut off');
      return bytes.subarray(position, (position += count));
    };
    switch (major) {
      case 0: return Number(argument);
      case 1: return -1 - Number(argument);
      case 2: return take();
      case 3: return new TextDecoder('utf-8', { fatal: true }).decode(take());
      case 4: {
        const items = [];
        for (let i = 0, next; i < count && (next = item()) !== BREAK; i++) items.push(next);
        return items;
      }
      case 5: {
        const map = new Map();
        for (let i = 0, key; i < count && (key = item()) !== BREAK; i++) {
          if (map.has(key)) throw new Error('duplicate key');
          map.set(key, item());
        }
        return map;
      }
      case 7: return info === 31 ? BREAK : info === 22 ? null : undefined;
      default: throw new Error('tag');
    }
  };
  const value = item();
  if (position !== bytes.length) throw new Error('trailing bytes');
  return value;
}

function head(major, length) {
  if (length < 24) return Buffer.from([major << 5 | length]);
  if (length < 256) return Buffer.from([major << 5 | 24, length]);
  return Buffer.from([major << 5 | 25, length >> 8, length & 255]);
}

function judge({ document, root, at }) {
  let bytes = Buffer.from(document, 'hex');
  if (bytes[0] === 0xd2) bytes = bytes.subarray(1);
  const [header, unprotected, payload, signature] = decode(bytes);
  if (header.toString('hex') !== 'a1013822') return 'algorithm';
  if (unprotected.size !== 0) return 'unprotected';
  const fields = decode(payload);
  const chain = [...fields.get('cabundle'), fields.get('certificate')];
  if (createHash('sha256').update(chain[0]).digest('hex') !== root) return 'root';
  const certificates = chain.map((der) => new X509Certificate(der));
  for (let i = 0; i < certificates.length; i++) {
    const certificate = certificates[i];
    if (at < Date.parse(certificate.validFrom) || at > Date.parse(certificate.validTo)) return 'validity';
    if (certificate.ca !== i < certificates.length - 1) return 'ca';
    if (i > 0 && !(certificate.checkIssued(certificates[i - 1]) && certificate.verify(certificates[i - 1].publicKey))) return 'chain';
  }
  const toBeSigned = Buffer.concat([
    Buffer.from([0x84, 0x6a]), Buffer.from('Signature1'), head(2, header.length), header, Buffer.from([0x40]), head(2, payload.length), payload,
  ]);
  const key = { key: certificates.at(-1).publicKey, dsaEncoding: 'ieee-p1363' };
  return verify('sha384', toBeSigned, key, signature) || 'signature';
}

const verdicts = JSON.parse(readFileSync(0, 'utf8')).map((question) => {
  try {
    return judge(question);
  } catch (error) {
    return `${error}`;
  }
});
console.log(JSON.stringify(verdicts));
