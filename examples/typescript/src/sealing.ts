// Requests that only the enclave can read, answers that only their caller can: docs/sealing.md.
import { createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { Aes256Gcm, CipherSuite, DhkemP384HkdfSha384, HkdfSha384 } from '@hpke/core';
import { concat } from './cbor.js';

const chunkBytes = 65_536;
const tagBytes = 16;
const pointBytes = 97;
const suite = new CipherSuite({ kem: new DhkemP384HkdfSha384(), kdf: new HkdfSha384(), aead: new Aes256Gcm() });
const text = (value: string) => new TextEncoder().encode(value);

export interface SealedCall {
  keyId: Uint8Array;
  encapsulated: Uint8Array;
  boxes: Uint8Array;
  /** Opens an answer to this request; throws for anything else. */
  open(kind: number, nonce: Uint8Array, boxes: Uint8Array): Uint8Array;
}

/**
 * Seals a request.
 * @param publicKey The document's public_key: a SubjectPublicKeyInfo, whose last 97 bytes are the point.
 * @param operation What the request asks for.
 * @param request The encoded request.
 */
export async function seal(publicKey: Uint8Array, operation: number, request: Uint8Array): Promise<SealedCall> {
  const keyId = sha256(publicKey);
  const noAssociatedData = Uint8Array.of(0, 0);
  const info = concat(text('init sealed request v1'), keyId, Uint8Array.of(operation), noAssociatedData);
  const recipientPublicKey = await suite.kem.deserializePublicKey(buffer(publicKey.subarray(-pointBytes)));
  const context = await suite.createSenderContext({ recipientPublicKey, info: buffer(info) });
  const boxes: Uint8Array[] = [];
  for (const { part, isLast } of cut(request, chunkBytes)) {
    boxes.push(new Uint8Array(await context.seal(buffer(part), buffer(Uint8Array.of(0, isLast ? 1 : 0)))));
  }
  const encapsulated = new Uint8Array(context.enc);
  const secret = new Uint8Array(await context.export(buffer(text('init sealed answer v1')), 48));
  return { keyId, encapsulated, boxes: concat(...boxes), open: (kind, nonce, sealed) => openAnswer(secret, encapsulated, kind, nonce, sealed) };
}

// Each answer has a key of its own, and box n the nonce `base` XOR n.
function openAnswer(secret: Uint8Array, encapsulated: Uint8Array, kind: number, nonce: Uint8Array, boxes: Uint8Array): Uint8Array {
  const derive = (name: string, length: number) => Buffer.from(hkdfSync('sha384', secret, concat(encapsulated, nonce), text(name), length));
  const key = derive('key', 32);
  const base = derive('nonce', 12);
  const parts = cut(boxes, chunkBytes + tagBytes).map(({ part, isLast }, sequence) => {
    const iv = Buffer.from(base);
    iv.writeUInt32BE((iv.readUInt32BE(8) ^ sequence) >>> 0, 8);
    const cipher = createDecipheriv('aes-256-gcm', key, iv).setAAD(Uint8Array.of(kind, isLast ? 1 : 0));
    cipher.setAuthTag(part.subarray(-tagBytes));
    return concat(cipher.update(part.subarray(0, -tagBytes)), cipher.final());
  });
  return concat(...parts);
}

function cut(all: Uint8Array, size: number): { part: Uint8Array; isLast: boolean }[] {
  const count = Math.max(1, Math.ceil(all.length / size));
  return Array.from({ length: count }, (_, i) => ({ part: all.subarray(i * size, (i + 1) * size), isLast: i === count - 1 }));
}

function sha256(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(createHash('sha256').update(bytes).digest());
}

function buffer(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer as ArrayBuffer;
}
